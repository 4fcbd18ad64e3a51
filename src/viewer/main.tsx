/** The viewer: turns and sessions in a browser, over the gateway's HTTP API. */
import { render } from 'preact';
import { App } from './app.js';
import { AppContext } from './app-context.js';
import { Inputs } from './feed/inputs.js';
import { Api } from './net/api.js';
import { browserEdge } from './net/browser-edge.js';
import { Credentials } from './net/credentials.js';
import { Announcements, Announcer } from './parts/announcer.js';
import { listenToKeys } from './parts/shortcuts.js';
import { restoreTheme } from './theme.js';

restoreTheme();
listenToKeys();

const wake = new EventTarget();
const announcements = new Announcements();
const api = new Api((url, init) => fetch(url, init), new Credentials(sessionStorage));
const edge = browserEdge(api, wake);
const app = {
  api,
  edge,
  inputs: new Inputs(api, edge),
  announce: announcements.announce,
  wake: () => void wake.dispatchEvent(new Event('wake')),
};

const root = document.querySelector('#app');
if (root) {
  render(
    <AppContext.Provider value={app}>
      <App />
      <Announcer announcements={announcements} />
    </AppContext.Provider>,
    root,
  );
}
