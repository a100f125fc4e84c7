import { Button } from '../design/index.ts';
import { text } from '../text/index.ts';
import type { Paged } from './usePager.ts';

/** The buttons below a list of several pages. */
export function Pager({ pages: { toPrevious, toNext } }: { pages: Pick<Paged<unknown>, 'toPrevious' | 'toNext'> }) {
  if (!toPrevious && !toNext) return null;
  return (
    <nav class="row" aria-label={text.administration.pages}>
      <Button disabled={!toPrevious} onClick={toPrevious}>
        {text.administration.previous}
      </Button>
      <Button disabled={!toNext} onClick={toNext}>
        {text.administration.next}
      </Button>
    </nav>
  );
}
