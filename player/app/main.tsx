import './strictPages.ts';
import '@fontsource-variable/inter/index.css';
import '../design/tokens.css';
import '../design/base.css';
import './app.css';
import { render } from 'preact';
import { text } from '../text/index.ts';
import { App } from './App.tsx';
import { accountStore } from './services.ts';
import { applyTheme } from './theme.ts';

applyTheme();
document.documentElement.lang = text.locale;
void accountStore.refresh();

const root = document.getElementById('app');
if (!root) throw new Error('index.html has no #app.');
render(<App />, root);
