// A page that waits for the worker looks again every two seconds; without script the reader reloads it.
if (document.querySelector("[data-waiting]")) {
  setTimeout(() => location.reload(), 2000);
}
