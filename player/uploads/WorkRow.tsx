import { CircleAlert, CircleCheck, X } from 'lucide-preact';
import { paths } from '../app/paths.ts';
import { ButtonLink, IconButton } from '../design/index.ts';
import { ShareBar } from '../progress/ShareBar.tsx';
import { formatPercent } from '../text/format.ts';
import { text } from '../text/index.ts';
import { failureSentence } from './failureSentence.ts';
import { stageName } from './stageName.ts';
import { isOngoing } from './workEntry.ts';
import type { WorkEntry } from './workEntry.ts';
import type { WorkWatch } from './WorkWatch.ts';

/** A video that the server makes: how far it is, or how it ended. */
export function WorkRow({ entry, watch }: { entry: WorkEntry; watch: WorkWatch }) {
  const { phase, videoId, title } = entry;
  const isPlayable = phase.kind === 'ready' || (phase.kind === 'working' && phase.isPlayable);
  const hasVideo = phase.kind !== 'checking' && !(phase.kind === 'failed' && entry.uploadId !== null);
  return (
    <li class="upload">
      <div class="upload__head">
        <span class="upload__title" dir="auto">
          {title}
        </span>
        <span class="upload__buttons">
          {isPlayable ? (
            <ButtonLink variant="quiet" href={paths.watch(videoId)}>
              {text.uploads.watch}
            </ButtonLink>
          ) : null}
          {hasVideo && !isPlayable ? (
            <ButtonLink variant="quiet" href={paths.video(videoId)}>
              {text.uploads.details}
            </ButtonLink>
          ) : null}
          {isOngoing(entry) ? null : (
            <IconButton label={text.uploads.remove(title)} onClick={() => watch.dismiss(videoId)}>
              <X aria-hidden="true" size={20} />
            </IconButton>
          )}
        </span>
      </div>
      {phase.kind === 'working' ? (
        <div class="upload__bar">
          <ShareBar share={phase.share} />
        </div>
      ) : null}
      <WorkFacts entry={entry} />
    </li>
  );
}

function WorkFacts({ entry: { phase } }: { entry: WorkEntry }) {
  switch (phase.kind) {
    case 'checking':
      return <p class="upload__facts small quiet">{phase.note ?? text.uploads.work.checking}</p>;
    case 'working':
      return (
        <p class="upload__facts small quiet tabular">
          <span>
            {stageName(phase.stage)}
            {phase.share > 0 ? ` · ${formatPercent(phase.share)}` : ''}
          </span>
          {phase.isPlayable ? <span>{text.uploads.work.playable}</span> : null}
        </p>
      );
    case 'ready':
      return (
        <p class="upload__facts upload__facts--ready small">
          <CircleCheck aria-hidden="true" size={16} />
          {text.uploads.work.ready}
        </p>
      );
    case 'failed':
      return (
        <p class="upload__facts upload__problem small">
          <CircleAlert aria-hidden="true" size={16} />
          <span>{failureSentence(phase)}</span>
        </p>
      );
  }
}
