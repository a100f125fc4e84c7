import './strictPages.ts';
import '@fontsource-variable/inter/index.css';
import '../design/tokens.css';
import '../design/base.css';
import './app.css';
import { render } from 'preact';
import { App } from './App.tsx';
import { startLanguage } from './language.ts';
import { accountStore } from './services.ts';
import { applyTheme } from './theme.ts';

applyTheme();
/** What a sharing link opens, also in frames of other sites: without an account, and without its cookie. */
const shared = /^\/(v|embed)\/(\w+)\/?$/.exec(location.pathname);
if (!shared) void accountStore.refresh();
await startLanguage();

const root = document.getElementById('app');
if (!root) throw new Error('index.html has no #app.');
if (shared) {
  const { SharedVideoPage } = await import('../sharing/SharedVideoPage.tsx');
  render(<SharedVideoPage token={shared[2] ?? ''} isEmbed={shared[1] === 'embed'} />, root);
} else render(<App />, root);
