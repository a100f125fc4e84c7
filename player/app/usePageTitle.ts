import { useEffect } from 'preact/hooks';
import { text } from '../text/index.ts';

/** Sets the title of the browser tab. */
export function usePageTitle(title: string | undefined): void {
  useEffect(() => {
    document.title = title ? `${title} · ${text.shell.product}` : text.shell.product;
  }, [title]);
}
