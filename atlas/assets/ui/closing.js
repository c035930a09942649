// On a phone the filters cover the page; a button at their foot closes them.
// Streamlit has no way to do that from Python.
export default function () {
  const close = (event) => {
    if (!event.target.closest?.("[data-close-filters]")) return;
    document.querySelector('[data-testid="stSidebarCollapseButton"] button')?.click();
  };
  document.addEventListener("click", close);
  return () => document.removeEventListener("click", close);
}
