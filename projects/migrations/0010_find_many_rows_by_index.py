"""Long lists are read in their order, narrowed by day and searched by words through indexes."""

from django.db import migrations, models

from izportal.trigrams import found_by_pieces

INDEXES = {
    "project": models.Index(fields=["-certificate_on", "code"], name="project_latest"),
    "enterprise": models.Index(fields=["name_vi"], name="enterprise_by_name"),
    "investor": models.Index(fields=["name"], name="investor_by_name"),
    "change": models.Index(fields=["decision_number"], name="change_by_decision"),
    "classification": models.Index(fields=["starts_on"], name="classification_by_day"),
    "tenure": models.Index(fields=["starts_on"], name="tenure_by_day"),
    "milestone": models.Index(fields=["planned_on"], name="milestone_by_day"),
}


class Migration(migrations.Migration):
    dependencies = [("projects", "0009_find_the_rate_of_a_day")]
    operations = [
        *(migrations.AddIndex(model_name=model, index=index) for model, index in INDEXES.items()),
        found_by_pieces("projects_project", "folded", name="project_folded_words"),
        found_by_pieces("projects_enterprise", "folded", name="enterprise_folded_words"),
        found_by_pieces("projects_investor", "folded", name="investor_folded_words"),
        found_by_pieces("projects_change", "decision_number", name="change_decision_words"),
    ]
