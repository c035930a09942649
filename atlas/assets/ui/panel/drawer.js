// Streamlit's sidebar where it lies over the page: a drawer, closed when a page opens and when it
// has led somewhere. Streamlit closes it after navigation only for browsers that call
// themselves mobile, and keeps an open one open for the next visit.

const drawerWidth = matchMedia("(max-width: 768px)"); // where Streamlit lays it over the page
const DRAWER = '[data-testid="stSidebar"]';
const LEADS_ON = '[data-testid="stSidebarNav"] a';

function closeDrawer() {
  if (!document.querySelector(`${DRAWER}[data-collapsed="false"]`)) return; // a click would open it
  document.querySelector('[data-testid="stSidebarCollapseButton"] button')?.click();
}

// What Streamlit remembers is for the sidebar of a wide window, which hides nothing.
function forgetDrawer() {
  if (!drawerWidth.matches) return;
  try {
    for (const key of Object.keys(localStorage)) {
      if (key.startsWith("stSidebarCollapsed-")) localStorage.removeItem(key);
    }
  } catch { /* no storage, nothing kept */ }
}

function keepDrawer() {
  const led = (event) => {
    const page = event.target.closest?.(LEADS_ON) && drawerWidth.matches;
    // Later, when Streamlit has done what it does by itself.
    if (page || event.target.closest?.("[data-close-filters]")) setTimeout(closeDrawer);
  };
  const observer = new MutationObserver(forgetDrawer);
  observer.observe(document.body, { subtree: true, attributeFilter: ["data-collapsed"] });
  document.addEventListener("click", led);
  if (drawerWidth.matches) closeDrawer();
  forgetDrawer();
  return () => { observer.disconnect(); document.removeEventListener("click", led); };
}
