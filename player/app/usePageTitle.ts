import { useEffect } from 'preact/hooks';
import { siteNotice } from './siteNotice.ts';
import { text } from '../text/index.ts';

/** Sets the title of the browser tab. */
export function usePageTitle(title: string | undefined): void {
  const site = siteNotice.value?.siteName ?? text.shell.product;
  useEffect(() => {
    document.title = title ? `${title} · ${site}` : site;
  }, [title, site]);
}
