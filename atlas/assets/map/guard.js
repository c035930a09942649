var atlasSorry = "__TEXT__";
addEventListener("error", (event) => {
  if (event.target.tagName !== "SCRIPT" || document.querySelector(".atlas-failure")) return;
  const box = document.createElement("p");
  box.className = "atlas-failure";
  box.setAttribute("role", "alert");
  box.style = "margin:16px;padding:16px;border-left:6px solid #b3261e;background:#fff;color:#111;font:16px/1.5 sans-serif";
  box.textContent = atlasSorry;
  const again = document.createElement("button");
  again.textContent = "↻";
  again.onclick = () => location.reload();
  box.append(" ", again);
  document.body.prepend(box);
}, true);
