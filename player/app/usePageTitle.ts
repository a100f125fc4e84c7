import { signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { formatPercent } from '../text/format.ts';
import { text } from '../text/index.ts';
import { siteNotice } from './siteNotice.ts';

/** The share of a running upload, 0 to 1. The title of the browser tab begins with it, so that it is seen from another tab. */
export const titleShare = signal<number | undefined>(undefined);
const pageTitle = signal<string | undefined>(undefined);

/** Sets the title of the browser tab. */
export function usePageTitle(title: string | undefined): void {
  const site = siteNotice.value?.siteName ?? text.shell.product;
  useEffect(() => {
    pageTitle.value = title ? `${title} · ${site}` : site;
    showTitle();
  }, [title, site]);
}

function showTitle(): void {
  if (typeof document === 'undefined' || pageTitle.value === undefined) return;
  document.title = titleShare.value === undefined ? pageTitle.value : `${formatPercent(Math.floor(titleShare.value * 100) / 100)} · ${pageTitle.value}`;
}

titleShare.subscribe(showTitle);
