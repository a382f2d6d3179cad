// Select2 calls the shown value a text box without a name. The box around it is the control and takes its name from it.
django.jQuery(function ($) {
  $(".select2-selection__rendered").removeAttr("role").removeAttr("aria-readonly");
});
