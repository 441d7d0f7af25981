// Says on every page that came over plain http that it did; a page on the own machine or over https says nothing.

if (!window.isSecureContext) {
  const words = document.createElement("p");
  words.className = "insecure";
  words.setAttribute("role", "alert");
  words.append("本页不是 https：填写的内容可能在途中被人看到，断网后打不开，请只在有网时填写。");
  const how = document.createElement("a");
  how.href = "/tablet/check";
  how.textContent = "怎样改成 https";
  words.append(how);
  document.getElementById("main")?.prepend(words);
}
