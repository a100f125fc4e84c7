import { CircleAlert, CircleDot, CloudUpload, Users } from 'lucide-preact';
import { useRef } from 'preact/hooks';
import type { RecordingState } from '#engine/contract';
import { Badge } from '../design/index.ts';
import type { BadgeTone } from '../design/index.ts';
import type { RoomConnection } from '../live/RoomConnection.ts';
import type { RoomState } from '../live/roomState.ts';
import { planVideos } from '../live/stagePlan.ts';
import { useAudioLevel } from '../live/useAudioLevel.ts';
import type { LevelSource } from '../live/useAudioLevel.ts';
import { formatBitrate, formatBytes, formatNumber } from '../text/format.ts';
import { text } from '../text/index.ts';
import { defaultPreference } from '../vod/stage/stageLayout.ts';
import { nameOf } from './ProgramChoice.tsx';
import type { ProgramFigures } from './programFigures.ts';
import { isAnythingOnAir, rivalIn } from './studioAir.ts';
import type { StudioSession } from './StudioSession.ts';
import { useProgramFigures } from './useProgramFigures.ts';

interface OnAirStripProps {
  connection: RoomConnection;
  room: RoomState;
  session: StudioSession;
}

/** What students get now, in one line: source, resolution, frame rate, bitrate, level, recording, upload and people. */
export function OnAirStrip({ connection, room, session }: OnAirStripProps) {
  const isOnAir = isAnythingOnAir(connection, room);
  const waiting = room.recordingNote?.upload;
  return (
    <div class="strip tabular" role="group" aria-label={text.studio.strip}>
      {isOnAir ? <Program connection={connection} room={room} session={session} /> : <span class="strip__source">{text.studio.nothingOnAir}</span>}
      <span class="grow" />
      <Recording state={room.recording === 'recording' && !isOnAir ? 'waiting' : room.recording} />
      {waiting ? (
        <Badge tone="warning">
          <CloudUpload aria-hidden="true" />
          {text.studio.uploadWaiting(formatBytes(waiting.waitingBytes))}
        </Badge>
      ) : null}
      <Badge>
        <Users aria-hidden="true" />
        <span>{text.studio.watching(room.participantCount)}</span>
      </Badge>
    </div>
  );
}

/** The source on the air, with its figures. */
function Program({ connection, room, session }: OnAirStripProps) {
  const level = useRef<HTMLSpanElement>(null);
  const isOwn = session.isOnAir.value && !session.isStandingBy.value;
  const rival = isOwn ? undefined : rivalIn(room);
  const { stats, key, audio } = isOwn ? ownMedia(connection, session) : receivedMedia(connection);
  useAudioLevel(audio, level);
  const sent = useProgramFigures(key, stats);
  const figures = rival?.isEncoder && room.ingestHealth ? sourceFigures(room.ingestHealth) : sent;
  return (
    <>
      <span class="strip__source">{isOwn ? nameOf({ kind: 'own', name: undefined }) : rival?.name}</span>
      {wordsOf(figures).map((words) => (
        <span key={words}>{words}</span>
      ))}
      <span ref={level} class="strip__level" title={text.studio.programLevel} aria-hidden="true" />
    </>
  );
}

interface ProgramMedia {
  /** Names the video. */
  key: string;
  stats: () => Promise<RTCStatsReport> | undefined;
  audio: LevelSource | undefined;
}

function receivedMedia(connection: RoomConnection): ProgramMedia {
  const { main, audioTracks } = planVideos(connection.receiver.tracks.value.values(), defaultPreference);
  return { key: main?.publication.id ?? '', stats: () => main?.stats(), audio: audioTracks[0] };
}

function ownMedia(connection: RoomConnection, session: StudioSession): ProgramMedia {
  const video = connection.publisher.sending.value.has('screen') ? 'screen' : 'camera';
  return { key: video, stats: () => connection.publisher.statsOf(video), audio: ownAudio(connection, session) };
}

function ownAudio(connection: RoomConnection, session: StudioSession): LevelSource | undefined {
  const { track } = session.sources.microphone;
  return track && { track, stats: async () => (await connection.publisher.statsOf('microphone')) ?? new Map<string, unknown>() };
}

/** An encoder is measured where its stream arrives. */
function sourceFigures({ widthPx, heightPx, frameRate, videoBitrateBps }: NonNullable<RoomState['ingestHealth']>): ProgramFigures {
  return { widthPx, heightPx, frameRate, bitrateBps: videoBitrateBps };
}

function wordsOf({ widthPx, heightPx, frameRate, bitrateBps }: ProgramFigures): string[] {
  return [
    ...(widthPx && heightPx ? [`${widthPx} × ${heightPx}`] : []),
    ...(frameRate === null ? [] : [text.studio.obs.framesPerSecond(formatNumber(frameRate, 0))]),
    ...(bitrateBps === null ? [] : [formatBitrate(bitrateBps)]),
  ];
}

/** `waiting`: nothing is on the air. */
type ShownRecording = RecordingState | 'waiting';

const recordingTones: Record<ShownRecording, BadgeTone> = { off: 'normal', waiting: 'normal', recording: 'good', behind: 'warning', failing: 'danger', finished: 'good' };
const recordingIcons = { off: CircleDot, waiting: CircleDot, recording: CircleDot, behind: CloudUpload, failing: CircleAlert, finished: CircleDot } as const;

function Recording({ state }: { state: ShownRecording }) {
  const Icon = recordingIcons[state];
  return (
    <span role="status">
      <Badge tone={recordingTones[state]}>
        <Icon aria-hidden="true" />
        {text.studio.recording[state]}
      </Badge>
    </span>
  );
}
