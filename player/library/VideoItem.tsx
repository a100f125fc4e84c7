import { Download, Globe, Link } from 'lucide-preact';
import { paths } from '../app/paths.ts';
import { formatBytes, formatClock, formatDateTime, formatPercent } from '../text/format.ts';
import { text } from '../text/index.ts';
import { failureSentence } from '../uploads/failureSentence.ts';
import type { LibraryVideo } from './libraryApi.ts';
import type { VideoMenuActions } from './VideoMenu.tsx';
import { VideoMenu } from './VideoMenu.tsx';
import { VideoPoster, watchedShare } from './VideoPoster.tsx';
import { VideoStatus, WorkBar } from './VideoStatus.tsx';

export interface VideoItemProps {
  video: LibraryVideo;
  canManage: boolean;
  isCourseKnown: boolean;
  isSelected: boolean;
  /** Some videos are selected: a click selects. */
  isSelecting: boolean;
  /** The one that Tab reaches. */
  isCurrent: boolean;
  onSelect: (isRange: boolean) => void;
  onFocus: () => void;
  actions: VideoMenuActions;
}

/** A video in the grid or in the list; the two differ only in their style. */
export function VideoItem(props: VideoItemProps) {
  const { video, canManage, isCourseKnown, isSelected, isSelecting, isCurrent, onSelect, onFocus, actions } = props;
  return (
    <li class={`video ${isSelected ? 'video--selected' : ''}`} onFocusIn={onFocus}>
      <a
        class="video__link"
        href={hrefOf(video, canManage)}
        tabIndex={isCurrent ? 0 : -1}
        data-roving
        onClick={(event) => {
          if (!canManage || !(isSelecting || event.shiftKey)) return;
          event.preventDefault();
          event.stopPropagation();
          onSelect(event.shiftKey);
        }}
      >
        <VideoPoster video={video} />
        <span class="video__body">
          <span class="video__title" dir="auto">
            {video.title}
          </span>
          <VideoFacts video={video} isCourseKnown={isCourseKnown} canManage={canManage} />
          <VideoCondition video={video} canManage={canManage} />
        </span>
      </a>
      {canManage ? (
        <label class="video__check">
          <input type="checkbox" aria-label={text.library.select(video.title)} checked={isSelected} tabIndex={isCurrent ? 0 : -1} onClick={(event) => onSelect(event.shiftKey)} />
        </label>
      ) : null}
      {canManage ? <VideoMenu video={video} actions={actions} /> : null}
    </li>
  );
}

/** What cannot be watched yet opens on its page, for those who look after it. */
function hrefOf({ id, state }: LibraryVideo, canManage: boolean): string {
  return canManage && state !== 'ready' && state !== 'live' ? paths.video(id) : paths.watch(id);
}

function VideoCondition({ video, canManage }: Pick<VideoItemProps, 'video' | 'canManage'>) {
  return (
    <>
      <span class="video__badges">
        <VideoStatus video={video} />
      </span>
      {video.state === 'failed' && video.failure ? <span class="small upload__problem">{failureSentence(video.failure)}</span> : null}
      {canManage || video.state === 'processing' ? <WorkBar video={video} /> : null}
    </>
  );
}

function VideoFacts({ video, isCourseKnown, canManage }: Pick<VideoItemProps, 'video' | 'isCourseKnown' | 'canManage'>) {
  const share = watchedShare(video);
  return (
    <span class="video__facts small quiet tabular">
      {isCourseKnown ? null : <span dir="auto">{video.courseTitle}</span>}
      <span>{formatDateTime(video.recordedAt)}</span>
      <span class="unseen">{formatClock(video.durationSeconds * 1000)}</span>
      {canManage && video.bytes > 0 ? <span class="video__bytes">{formatBytes(video.bytes)}</span> : null}
      {share ? <span>{video.progress?.isFinished ? text.library.watched : text.library.watchedShare(formatPercent(share))}</span> : null}
      {canManage && video.visibility !== 'course' ? <VisibilityFact visibility={video.visibility} /> : null}
      {canManage && video.isDownloadable ? (
        <span class="video__fact">
          <Download role="img" aria-label={text.library.downloadable} size={16} />
        </span>
      ) : null}
    </span>
  );
}

function VisibilityFact({ visibility }: { visibility: 'link' | 'public' }) {
  const Icon = visibility === 'public' ? Globe : Link;
  return (
    <span class="video__fact">
      <Icon aria-hidden="true" size={16} />
      {text.library.visibilities[visibility]}
    </span>
  );
}
