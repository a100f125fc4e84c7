import { ChevronDown, ChevronUp } from 'lucide-preact';
import { useLocation } from 'preact-iso';
import { useEffect, useState } from 'preact/hooks';
import { paths } from '../app/paths.ts';
import { Button, ButtonLink, IconButton } from '../design/index.ts';
import { ShareBar } from '../progress/ShareBar.tsx';
import { text } from '../text/index.ts';
import { announcementOf } from './announcementOf.ts';
import { summaryOf } from './summaryOf.ts';
import { UploadLists } from './UploadLists.tsx';
import { isActive, sentShare } from './uploadItem.ts';
import { uploads } from './uploads.ts';
import type { Uploads } from './uploads.ts';
import { isOngoing } from './workEntry.ts';
import './uploads.css';

/** A small list beside every page while something is uploaded or processed. The page of uploads shows the same itself. */
export default function UploadDock() {
  const { path } = useLocation();
  const mine = uploads.value;
  if (!mine || path === paths.uploads) return null;
  const summary = summaryOf(mine.queue.items.value, mine.watch.entries.value);
  if (summary === undefined) return null;
  return <Dock uploads={mine} summary={summary} isOnStage={/^\/(live|studio|watch)\//.test(path)} />;
}

function Dock({ uploads: mine, summary, isOnStage }: { uploads: Uploads; summary: string; isOnStage: boolean }) {
  const [isOpen, setOpen] = useState(false);
  const items = mine.queue.items.value;
  const share = sentShare(items);
  const hasEnded = mine.watch.entries.value.some((entry) => !isOngoing(entry));
  useEffect(() => setOpen(false), [isOnStage]);
  return (
    <section class={`dock ${isOpen ? 'dock--open' : ''} ${isOnStage ? 'dock--stage' : ''}`} aria-label={text.uploads.dock}>
      <Announcer uploads={mine} />
      <div class="dock__head">
        <span class="dock__summary tabular">{summary}</span>
        <IconButton label={isOpen ? text.uploads.hide : text.uploads.show} aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
          {isOpen ? <ChevronDown aria-hidden="true" size={20} /> : <ChevronUp aria-hidden="true" size={20} />}
        </IconButton>
      </div>
      {!isOpen && share !== undefined ? <ShareBar share={share} /> : null}
      {isOpen ? (
        <>
          <div class="dock__list">
            <UploadLists uploads={mine} canRename={false} />
          </div>
          <div class="dock__foot">
            <ButtonLink variant="quiet" href={paths.uploads}>
              {text.uploads.allUploads}
            </ButtonLink>
            {hasEnded ? (
              <Button variant="quiet" onClick={() => mine.watch.dismissEnded()}>
                {text.uploads.clearEnded}
              </Button>
            ) : null}
          </div>
        </>
      ) : null}
    </section>
  );
}

/** Tells a screen reader how far the first upload is: every quarter, and nothing between. */
export function Announcer({ uploads: { queue } }: { uploads: Uploads }) {
  const said = announcementOf(queue.items.value.find(isActive));
  return (
    <p class="unseen" role="status">
      {said}
    </p>
  );
}
