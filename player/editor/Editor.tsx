import { ArrowLeft, Keyboard } from 'lucide-preact';
import { useMemo, useRef, useState } from 'preact/hooks';
import type { PlaybackView } from '#api/contract';
import { keptSpans, nearestEditedMs, toSourceMs } from '#recorder/contract';
import type { Cue } from '#recorder/contract';
import { LoadFailure } from '../app/LoadFailure.tsx';
import { paths } from '../app/paths.ts';
import { Dialog, IconButton, Tabs } from '../design/index.ts';
import { text } from '../text/index.ts';
import { chooseTracks } from '../vod/playback/chooseTracks.ts';
import type { ChosenTracks } from '../vod/playback/chooseTracks.ts';
import type { ReplayPlayer } from '../vod/playback/ReplayPlayer.ts';
import { Stage } from '../vod/stage/Stage.tsx';
import { useReplay } from '../vod/useReplay.ts';
import { ChaptersPanel } from './chapters/ChaptersPanel.tsx';
import { ConflictDialog } from './ConflictDialog.tsx';
import { CaptionsPanel } from './cues/CaptionsPanel.tsx';
import { CutsPanel } from './cuts/CutsPanel.tsx';
import type { EditedVideo } from './EditedVideo.ts';
import { EditorTools } from './EditorTools.tsx';
import { Timeline } from './timeline/Timeline.tsx';
import { following, wholeScale } from './timeline/timeScale.ts';
import { useTimelineMedia } from './timeline/useTimelineMedia.ts';
import { useEditing } from './useEditing.ts';
import { useEditorKeys } from './useEditorKeys.ts';

/** The editor of a video: the player, the timeline below it, and the lists beside it. */
export function Editor({ loaded }: { loaded: EditedVideo }) {
  const { video } = loaded.playback;
  const editing = useEditing(loaded);
  const { edits, playback } = editing;
  const [player, setPlayer] = useState<ReplayPlayer>();
  const [scale, setScale] = useState(() => wholeScale(edits.durationMs, 1000));
  const [isHelpOpen, setHelpOpen] = useState(false);
  const [tab, setTab] = useState('captions');
  const [cues, setCues] = useState<readonly Cue[]>([]);
  const onNewCue = useRef<() => void>();
  const kept = useMemo(() => keptSpans(edits.durationMs, edits.cuts), [edits]);
  const media = useTimelineMedia(playback);
  // The player may still have the playlists of before the last cut.
  const playedKept = useMemo(() => playback.kept?.map(({ startSeconds, endSeconds }) => ({ startMs: startSeconds * 1000, endMs: endSeconds * 1000 })) ?? null, [playback]);
  const playedMs = (player?.positionSeconds.value ?? 0) * 1000;
  const positionMs = playedKept ? toSourceMs(playedKept, playedMs) : playedMs;
  const seek = (ms: number) => player?.seekTo((playedKept ? nearestEditedMs(playedKept, ms) : ms) / 1000);
  const shown = player?.isPaused.value === false ? following(scale, positionMs) : scale;
  if (shown !== scale) setScale(shown);
  const view = { editing, player, positionMs, seek };
  useEditorKeys({ ...view, scale, setScale, onHelp: () => setHelpOpen(true), onTab: setTab, onNewCue: () => onNewCue.current?.() });

  return (
    <main class="editor">
      <header class="editor__head">
        <a class="editor__back" href={paths.video(video.id)} aria-label={text.editor.back}>
          <ArrowLeft aria-hidden="true" size={20} />
        </a>
        <h1 dir="auto">{video.title}</h1>
        <IconButton label={text.editor.help} onClick={() => setHelpOpen(true)}>
          <Keyboard aria-hidden="true" />
        </IconButton>
      </header>
      <div class="editor__stage">
        <EditorPlayer key={JSON.stringify(playback.kept)} playback={playback} startMs={positionMs} onPlayer={setPlayer} onPlayback={editing.setPlayback} />
      </div>
      <Tabs
        class="editor__lists"
        label={text.editor.lists}
        selected={tab}
        onSelect={setTab}
        tabs={[
          { key: 'captions', label: text.editor.captions, panel: <CaptionsPanel videoId={video.id} positionMs={positionMs} seek={seek} onCues={setCues} onUndo={editing.pushUndo} onNewCue={onNewCue} /> },
          { key: 'chapters', label: text.editor.chapters, panel: <ChaptersPanel {...view} /> },
          { key: 'cuts', label: text.editor.cuts, panel: <CutsPanel {...view} isLive={video.state === 'live'} /> },
        ]}
      />
      <div class="editor__timeline">
        <EditorTools {...view} scale={scale} setScale={setScale} onTab={setTab} isLive={video.state === 'live'} />
        <Timeline scale={scale} onScale={setScale} media={media} kept={kept} cuts={edits.cuts} chapters={editing.chapters.chapters} cues={cues} marks={editing.marks} positionMs={positionMs} onSeek={seek} />
      </div>
      {isHelpOpen ? <EditorHelp onClose={() => setHelpOpen(false)} /> : null}
      {editing.conflict ? <ConflictDialog {...editing.conflict} /> : null}
    </main>
  );
}

interface PlayerProps {
  playback: PlaybackView;
  /** Source time. */
  startMs: number;
  onPlayer: (player: ReplayPlayer | undefined) => void;
  onPlayback: (playback: PlaybackView) => void;
}

function EditorPlayer({ playback, startMs, onPlayer, onPlayback }: PlayerProps) {
  const tracks = useMemo(() => chooseTracks(playback.tracks), []);
  const kept = playback.kept?.map(({ startSeconds, endSeconds }) => ({ startMs: startSeconds * 1000, endMs: endSeconds * 1000 }));
  const startSeconds = useMemo(() => (kept ? nearestEditedMs(kept, startMs) : startMs) / 1000, []);
  return tracks ? <OpenPlayer playback={playback} tracks={tracks} startSeconds={startSeconds} onPlayer={onPlayer} onPlayback={onPlayback} /> : null;
}

function OpenPlayer({ playback, tracks, startSeconds, onPlayer, onPlayback }: Omit<PlayerProps, 'startMs'> & { tracks: ChosenTracks; startSeconds: number }) {
  const main = useRef<HTMLVideoElement>(null);
  const second = useRef<HTMLVideoElement>(null);
  const controller = useRef<HTMLElement>(null);
  const { player, failure } = useReplay({ playback, tracks, startSeconds, main, second, isEditing: true, onEdited: onPlayback });
  const told = useRef<ReplayPlayer>();
  if (told.current !== player) {
    told.current = player;
    onPlayer(player);
  }
  if (failure) return <LoadFailure error={failure} onRetry={() => location.reload()} />;
  return <Stage tracks={tracks} posterUrl={playback.video.posterUrl} chapters={playback.video.chapters} player={player} main={main} second={second} controller={controller} isHelpOpen={false} onHelp={() => undefined} top={null} />;
}

function EditorHelp({ onClose }: { onClose: () => void }) {
  return (
    <Dialog title={text.editor.help} onClose={onClose}>
      <dl class="keys">
        {text.editor.keys.map(({ keys, does }) => (
          <div key={keys} class="keys__row">
            <dt>{keys.split(' ').map((key) => <kbd key={key}>{key}</kbd>)}</dt>
            <dd>{does}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
