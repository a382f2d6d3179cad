"""What an account page says in words."""

from django import template

from izportal import sessions

register = template.Library()
register.filter("device", sessions.device)
