/** While a plan is computed: asks for the progress each second; at the end shows the page anew. */

const panel = document.getElementById("solving");
const show = (id, words) => { document.getElementById(id).textContent = words; };

/** @param {number|null} number */
const figure = (number) => (number === null || number === undefined ? "—" : number.toLocaleString("zh-CN"));

let shown = Number(document.getElementById("bar").value);

async function look() {
  try {
    const answer = await fetch(panel.dataset.progress, { headers: { Accept: "application/json" } });
    if (!answer.ok || answer.redirected) throw new Error(String(answer.status));
    const now = await answer.json();
    if (now.ended) {
      location.reload();
      return;
    }
    // the solver tells its time now and then; between two tellings the clock goes on
    const seconds = Math.max(now.seconds ?? 0, now.state === "solving" ? Math.min(shown + 1, now.limit) : 0);
    shown = seconds;
    if (document.getElementById("phase").textContent !== now.phase) show("phase", now.phase);
    document.getElementById("bar").value = seconds;
    show("seconds", seconds.toFixed(0));
    show("left", Math.max(0, now.limit - seconds).toFixed(0));
    show("objective", figure(now.objective));
    show("bound", figure(now.bound));
    if (now.curve) {
      document.getElementById("curve").setAttribute("points", now.curve.points);
      show("curve-top", now.curve.top);
    }
    show("gap", now.gap === null ? "—" : `${(now.gap * 100).toFixed(2)} %`);
  } catch {
    show("phase", "暂时连不上服务器，正在重试");
  }
  setTimeout(look, 1000);
}

setTimeout(look, 1000);
