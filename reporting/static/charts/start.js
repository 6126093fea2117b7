// Draw once everything is in place.
window.report.start();
