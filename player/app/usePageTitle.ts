import { useEffect } from 'preact/hooks';
import { text } from '../text/index.ts';

/** What the browser's tab says. */
export function usePageTitle(title: string | undefined): void {
  useEffect(() => {
    document.title = title ? `${title} · ${text.shell.product}` : text.shell.product;
  }, [title]);
}
