/** Opens a page of this site from outside a component. */
export function goTo(path: string): void {
  history.pushState(null, '', path);
  // The router follows the history of the browser.
  dispatchEvent(new PopStateEvent('popstate'));
}
