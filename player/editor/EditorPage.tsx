import { ApiError } from '#api/contract';
import { LoadFailure } from '../app/LoadFailure.tsx';
import { paths } from '../app/paths.ts';
import { api } from '../app/services.ts';
import { useLoaded } from '../app/useLoaded.ts';
import { usePageTitle } from '../app/usePageTitle.ts';
import { ButtonLink, EmptyState, Loading } from '../design/index.ts';
import { text } from '../text/index.ts';
import { chooseTracks } from '../vod/playback/chooseTracks.ts';
import type { EditedVideo } from './EditedVideo.ts';
import { Editor } from './Editor.tsx';
import './editor.css';

async function load(videoId: string, signal: AbortSignal): Promise<EditedVideo> {
  const request = { params: { videoId } };
  const [playback, edits, chapters] = await Promise.all([api.getPlayback(request, { signal }), api.getEdits(request, { signal }), api.getChapters(request, { signal })]);
  return { playback, edits, chapters };
}

/** The page on which a video is cut and gets its chapters and captions. */
export default function EditorPage({ videoId }: { videoId: string }) {
  const { data, error, reload } = useLoaded((signal) => load(videoId, signal), [videoId]);
  usePageTitle(data && text.editor.title(data.playback.video.title));
  const tracks = data && chooseTracks(data.playback.tracks);
  if (data && tracks) return <Editor loaded={data} />;
  if (!data && !error) return <main class="editor editor--alone"><Loading /></main>;
  return (
    <main class="editor editor--alone">
      {data || (error instanceof ApiError && error.code === 'video.notReady') ? (
        <EmptyState isPage title={text.editor.nothingToPlayTitle} action={<ButtonLink href={paths.video(videoId)}>{text.editor.back}</ButtonLink>}>
          {text.editor.nothingToPlay}
        </EmptyState>
      ) : error instanceof ApiError && error.code === 'access.denied' ? (
        <EmptyState isPage title={text.editor.denied} action={<ButtonLink href={paths.watch(videoId)}>{text.videoPage.watch}</ButtonLink>} />
      ) : (
        <LoadFailure error={error} onRetry={reload} />
      )}
    </main>
  );
}
