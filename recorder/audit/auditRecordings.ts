import { isCoded } from '#engine/contract';
import { iFramePlaylistName } from '../hls/iFramePlaylist.ts';
import { playlistFormat } from '../hls/playlistFiles.ts';
import { recordingTracks } from '../journal/rows.ts';
import type { RecordingRow } from '../journal/rows.ts';
import type { RecordingListing } from '../hls/mediaPlaylist.ts';
import type { Journal, RecordingExtent } from '../journal/Journal.ts';
import { recordingPrefix } from '../journal/keys.ts';
import { mergeTimeRanges } from '../journal/timeRanges.ts';
import type { VideoRow, VideoStore } from '../library/index.ts';
import { sha256OfBytes } from '../storage/sha256.ts';
import { auditFiles, compareStored, isOfNode } from './auditFiles.ts';
import type { Found, Places } from './auditFiles.ts';
import { auditForeign } from './auditForeign.ts';
import { auditOwners } from './auditOwners.ts';
import { auditPlaylists, storedPlaylists } from './auditPlaylists.ts';
import type { AuditReport, Damage, RecordingAudit, TrackAudit } from './AuditReport.ts';
import { auditTimeline } from './auditTimeline.ts';
import { listFiles } from './listFiles.ts';

export interface AuditOptions extends Omit<Places, 'nodeId'> {
  /** Of the node whose spool is read. */
  journal: Journal;
  videos: Pick<VideoStore, 'ofRecording'>;
  /** The folder of the objects, if the store is a folder. */
  storeFolder: string | undefined;
  spoolFolder: string;
  workFolder: string;
}

/** Checks every recording against store and spool, and vice versa. Changes nothing. Files on other nodes are not read. */
export async function auditRecordings(options: AuditOptions): Promise<AuditReport> {
  const { journal, videos } = options;
  const files = await listFiles(options);
  const known = [];
  const recordings: RecordingAudit[] = [];
  for await (const recording of journal.all()) {
    const { extent, damages } = await readExtent(journal, recording);
    const listing: RecordingListing = { recording, ...extent };
    const video = await videos.ofRecording(recording._id);
    known.push({ ...listing, posterKey: video?.posterKey ?? null });
    const audited = await auditRecording(listing, { ...options, nodeId: journal.nodeId, video });
    recordings.push({ ...audited, damages: [...damages, ...audited.damages] });
  }
  const { foreign, leftovers } = assign(auditForeign(files, known, journal.nodeId), recordings);
  const isWhole = foreign.length === 0 && recordings.every(({ damages }) => damages.length === 0);
  return { isWhole, recordings, foreign, leftovers };
}

/** The object with the rows of a folded recording may be damaged: then its files are unknown. */
async function readExtent(journal: Journal, { _id, fold }: RecordingRow): Promise<{ extent: RecordingExtent; damages: Damage[] }> {
  try {
    return { extent: await journal.extent(_id), damages: [] };
  } catch (err) {
    if (!fold || !isCoded(err) || (err.code !== 'object.corrupt' && err.code !== 'object.notFound')) throw err;
    return { extent: { segments: [], inits: [] }, damages: [{ kind: err.code === 'object.corrupt' ? 'corrupt' : 'missing', what: fold.key, detail: 'in the store' }] };
  }
}

async function auditRecording(listing: RecordingListing, context: Places & { video: VideoRow | undefined }): Promise<RecordingAudit> {
  const { recording, inits, segments } = listing;
  const { damages, leftovers } = merge([
    { damages: [...recordingTracks.flatMap((track) => auditTimeline(ofTrack(listing, track), listing)), ...auditPlaylists(listing), ...auditLength(listing), ...auditOwners(listing)], leftovers: [] },
    await auditFiles(listing, context),
    await auditPublished(listing, context),
    await auditVideo(listing, context),
  ]);
  const waiting = [...inits, ...segments].filter(({ state }) => state === 'written');
  const waitingHere = waiting.filter((row) => isOfNode(row, context.nodeId)).length;
  return {
    recordingId: recording._id,
    lectureId: recording.lectureId,
    state: recording.state,
    isStored: recording.isStored,
    tracks: recordingTracks.map((track) => trackAudit(listing, track)).filter(({ segments: count }) => count > 0),
    waiting: waitingHere,
    waitingElsewhere: waiting.length - waitingHere,
    damages,
    leftovers,
  };
}

function trackAudit(listing: RecordingListing, track: TrackAudit['track']): TrackAudit {
  const segments = ofTrack(listing, track);
  const last = segments.at(-1);
  const presence = mergeTimeRanges(segments.filter(({ isFiller, state }) => !isFiller && state !== 'lost'));
  return { track, segments: segments.length, endMs: last ? last.startMs + last.durationMs : 0, presence };
}

function ofTrack({ segments }: RecordingListing, track: TrackAudit['track']) {
  return segments.filter((segment) => segment.track === track);
}

function auditLength({ recording, segments }: RecordingListing): Damage[] {
  const endMs = Math.max(0, ...segments.map(({ startMs, durationMs }) => startMs + durationMs));
  if (recording.state !== 'finished' || recording.timelineEndMs === endMs) return [];
  return [{ kind: 'length', what: recording._id, detail: `ends at ${recording.timelineEndMs} ms, its segments at ${endMs} ms` }];
}

/** Checks the stored playlists of a stored recording. Those of an older version may have another text. */
async function auditPublished(listing: RecordingListing, { store }: Places): Promise<Found> {
  const found: Found = { damages: [], leftovers: [] };
  const { state, isStored, playlistFormat: storedFormat } = listing.recording;
  if (!isStored) return found;
  if (state !== 'finished' || [...listing.segments, ...listing.inits].some((row) => row.state === 'written')) {
    found.damages.push({ kind: 'playlist', what: recordingPrefix(listing.recording._id), detail: 'marked as stored, but not stored' });
  }
  for (const [key, text] of storedPlaylists(listing)) {
    const bytes = Buffer.from(text);
    const stored = await compareStored(key, { bytes: bytes.length, sha256: sha256OfBytes(bytes) }, store);
    if (storedFormat !== playlistFormat && !isEssential(key)) continue;
    if (stored === 'missing' || (stored === 'other' && storedFormat === playlistFormat)) found.damages.push({ kind: stored === 'missing' ? 'missing' : 'playlist', what: key, detail: 'in the store' });
  }
  return found;
}

/** I-frame playlists are not. */
function isEssential(key: string): boolean {
  return !recordingTracks.some((track) => key.endsWith(`/${iFramePlaylistName(track)}`));
}

/** Checks the video and its poster. Videos follow the journal and may be outdated after a crash. */
async function auditVideo({ recording }: RecordingListing, { store, video }: Places & { video: VideoRow | undefined }): Promise<Found> {
  const found: Found = { damages: [], leftovers: [] };
  if (!video || (recording.state === 'finished' && video.state === 'live')) found.leftovers.push({ kind: 'notCatalogued', what: recording._id });
  if (!video?.posterKey) return found;
  const stored = await compareStored(video.posterKey, { bytes: video.posterBytes ?? 0, sha256: video.posterSha256 ?? '' }, store);
  if (stored !== 'same') found.damages.push({ kind: stored === 'missing' ? 'missing' : 'corrupt', what: video.posterKey, detail: 'in the store' });
  return found;
}

function merge(parts: readonly Found[]): Found {
  return { damages: parts.flatMap(({ damages }) => damages), leftovers: parts.flatMap(({ leftovers }) => leftovers) };
}

/** Moves files below the folder of a recording to its own report. */
function assign({ foreign, leftovers }: ReturnType<typeof auditForeign>, recordings: RecordingAudit[]) {
  const ownerOf = (what: string) => recordings.find(({ recordingId }) => what.startsWith(recordingPrefix(recordingId)));
  for (const damage of foreign) ownerOf(damage.what)?.damages.push(damage);
  for (const leftover of leftovers) ownerOf(leftover.what)?.leftovers.push(leftover);
  return { foreign: foreign.filter(({ what }) => !ownerOf(what)), leftovers: leftovers.filter(({ what }) => !ownerOf(what)) };
}
