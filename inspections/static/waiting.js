// A page that waits for the worker looks again every two seconds, but never while somebody is typing in it:
// what was typed would be lost. Without script the reader reloads it.
if (document.querySelector("[data-waiting]")) {
  const again = setTimeout(() => location.reload(), 2000);
  for (const touched of ["input", "focusin"]) {
    document.addEventListener(touched, (event) => {
      if (event.target instanceof Element && event.target.closest("form")) clearTimeout(again);
    });
  }
}
