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
void accountStore.refresh();
await startLanguage();

const root = document.getElementById('app');
if (!root) throw new Error('index.html has no #app.');
render(<App />, root);
