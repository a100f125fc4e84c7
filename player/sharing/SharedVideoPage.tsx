import { LinkIcon } from 'lucide-preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { ApiError, createApiClient } from '#api/contract';
import type { SharedStream, SharedVideo } from '#api/contract';
import { background } from '../app/background.ts';
import { EmptyState, SkeletonList } from '../design/index.ts';
import type { Markdown as MarkdownText } from '../markdown/Markdown.tsx';
import { formatClock, formatDateTime } from '../text/format.ts';
import { text } from '../text/index.ts';
import { openSharedTrack } from '../vod/playback/openSharedTrack.ts';
import './sharing.css';

/** Without an account: no cookie and no token is sent. */
const strangerApi = createApiClient({ baseUrl: '', fetch: (input, init) => fetch(input, { ...init, credentials: 'omit' }), getAccessToken: () => undefined, onUnauthorized: async () => false });

/** `Markdown` is loaded for a description only; the player in a frame shows none. */
type Shown = { video: SharedVideo; stream: SharedStream; Markdown: typeof MarkdownText | undefined } | 'loading' | 'gone' | 'failed';

/** What a sharing link opens: the page of a video, or the player alone for a frame. */
export function SharedVideoPage({ token, isEmbed }: { token: string; isEmbed: boolean }) {
  const [shown, setShown] = useState<Shown>('loading');
  useEffect(() => {
    const load = async () => {
      const params = { token };
      const [video, stream] = [await strangerApi.getShared({ params }), await strangerApi.getSharedStream({ params })];
      const hasDescription = !isEmbed && video.description.trim() !== '';
      const Markdown = hasDescription ? (await import('../markdown/Markdown.tsx')).Markdown : undefined;
      document.title = video.title;
      setShown({ video, stream, Markdown });
    };
    load().catch((error: unknown) => setShown(error instanceof ApiError && error.status === 404 ? 'gone' : 'failed'));
  }, [token]);
  if (shown === 'loading') return isEmbed ? <div class="shared shared--embed" /> : <main class="shared"><SkeletonList /></main>;
  if (shown === 'gone' || shown === 'failed') return <Unavailable isGone={shown === 'gone'} isEmbed={isEmbed} />;
  const { video, stream, Markdown } = shown;
  const player = <SharedPlayer token={token} video={video} stream={stream} onGone={() => setShown('gone')} />;
  if (isEmbed) {
    return (
      <div class="shared shared--embed">
        {player}
        <a class="shared__brand small" href={video.pageUrl} target="_blank" rel="noopener">
          {text.sharing.watchOn}
        </a>
      </div>
    );
  }
  return (
    <main class="shared" id="main">
      {player}
      <div class="stack-tight shared__about">
        <h1 dir="auto">{video.title}</h1>
        <p class="sharing-link__facts quiet">
          <span dir="auto">{video.courseTitle}</span>
          <span>{formatDateTime(video.recordedAt)}</span>
          <span class="tabular">{formatClock(video.durationSeconds * 1000)}</span>
        </p>
        {Markdown ? <Markdown>{video.description}</Markdown> : null}
      </div>
    </main>
  );
}

function Unavailable({ isGone, isEmbed }: { isGone: boolean; isEmbed: boolean }) {
  return (
    <main class={isEmbed ? 'shared shared--embed' : 'shared'}>
      <EmptyState isPage icon={<LinkIcon aria-hidden="true" />} title={isGone ? text.sharing.gone : text.sharing.failed}>
        {isGone ? text.sharing.goneHint : text.shell.unreachable}
      </EmptyState>
    </main>
  );
}

interface PlayerProps {
  token: string;
  video: SharedVideo;
  stream: SharedStream;
  /** The link was revoked, or it has expired. */
  onGone: () => void;
}

function SharedPlayer({ token, video, stream, onGone }: PlayerProps) {
  const media = useRef<HTMLVideoElement>(null);
  useEffect(() => {
    const element = media.current;
    if (!element) return;
    const aborter = new AbortController();
    const load = () => strangerApi.getSharedStream({ params: { token } });
    background(openSharedTrack({ media: element, stream, load, signal: aborter.signal, onGone }));
    return () => aborter.abort();
  }, [token]);
  // The browser's own controls: they are known, accessible, and work in a small frame.
  return <video ref={media} class="shared__player" controls playsInline preload="metadata" poster={video.posterUrl ?? undefined} aria-label={video.title} />;
}
