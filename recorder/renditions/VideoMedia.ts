// Responsible for the playlists and files of the renditions of videos, as delivery serves them. Owns the manifests in memory, and
// remembers for some seconds which manifest a video has, so that its viewers do not ask the database for each segment.
import { buffer } from 'node:stream/consumers';
import { LRUCache } from 'lru-cache';
import { CodedError } from '#engine/contract';
import type { Clock } from '#engine/kernel';
import { RenditionId } from '../contract/index.ts';
import type { MediaLocation, PlaylistText, VideoMediaLibrary } from '../delivery/RecordingLibrary.ts';
import type { StoredFile, VideoRow, VideoStore } from '../library/index.ts';
import { knownVideoMs, maxKnownVideos, maxManifestSegments } from '../limits.ts';
import type { ObjectStore } from '../storage/index.ts';
import { groupPlaylist } from './groupPlaylist.ts';
import { Manifest, renditionPrefix } from './Manifest.ts';
import { keyframePlaylist, keyframePlaylistName, renditionPlaylist } from './renditionPlaylist.ts';

export interface VideoMediaOptions {
  videos: Pick<VideoStore, 'find'>;
  store: Pick<ObjectStore, 'get'>;
  clock: Clock;
}

interface KnownVideo {
  row: Promise<VideoRow | undefined>;
  untilMs: number;
}

export class VideoMedia implements VideoMediaLibrary {
  readonly #options: VideoMediaOptions;
  readonly #rows = new LRUCache<string, KnownVideo>({ max: maxKnownVideos });
  /** By the key of the object, which never changes. */
  readonly #manifests = new LRUCache<string, Manifest>({ maxSize: maxManifestSegments, sizeCalculation: segmentsIn });
  readonly #reading = new Map<string, Promise<Manifest>>();

  constructor(options: VideoMediaOptions) {
    this.#options = options;
  }

  /** @throws CodedError `object.notFound`, `object.corrupt`, `store.unavailable`, `database.unavailable` */
  async playlist(videoId: string, name: string): Promise<PlaylistText | undefined> {
    const row = await this.#row(videoId);
    if (!row?.manifest) return undefined;
    const manifest = await this.manifest(row.manifest);
    const text = playlistOf(manifest, row.generation, name);
    // Renditions that are made again have other playlists of the same names.
    return text === undefined ? undefined : { text, isFinished: true, isAudio: manifest.renditions.some(({ id, kind }) => kind === 'audio' && name === `${id}.m3u8`) };
  }

  /** `path` is relative to `v/`. */
  async locate(videoId: string, path: string): Promise<MediaLocation | undefined> {
    const row = await this.#row(videoId);
    const file = row && (imageOf(row, path) ?? (await this.#mediaFile(row, path)));
    return file ? { kind: 'stored', key: file.key, bytes: file.bytes, sha256: file.sha256 } : undefined;
  }

  /** The manifest in this object. @throws CodedError `object.corrupt` when it is none */
  async manifest({ key, sha256 }: StoredFile): Promise<Manifest> {
    const known = this.#manifests.get(key) ?? this.#reading.get(key);
    if (known) return known;
    const reading = this.#read(key, sha256).finally(() => this.#reading.delete(key));
    this.#reading.set(key, reading);
    return reading;
  }

  async #read(key: string, sha256: string): Promise<Manifest> {
    const { body } = await this.#options.store.get(key, { sha256 });
    const manifest = parseManifest(await buffer(body), key);
    this.#manifests.set(key, manifest);
    return manifest;
  }

  /** Of the renditions that the video has, or of those before, which somebody may be watching. */
  async #mediaFile({ _id: videoId, manifest, replaced }: VideoRow, path: string): Promise<StoredFile | undefined> {
    const [, generation, renditionId = '', name] = /^(\d+)\/([a-z0-9-]+)\/(init|\d+)\.mp4$/.exec(path) ?? [];
    if (!RenditionId.safeParse(renditionId).success) return undefined;
    const key = `${renditionPrefix(videoId, { generation: Number(generation), renditionId })}${name}.mp4`;
    for (const stored of [manifest, replaced]) {
      const rendition = stored && (await this.manifest(stored)).renditions.find(({ id }) => id === renditionId);
      const file = name === 'init' ? rendition?.init : rendition?.parts[Number(name)];
      if (file?.key === key) return file;
    }
    return undefined;
  }

  async #row(videoId: string): Promise<VideoRow | undefined> {
    const { clock, videos } = this.#options;
    const nowMs = clock.nowMs();
    const known = this.#rows.get(videoId);
    if (known && known.untilMs > nowMs) return known.row;
    const entry = { row: videos.find(videoId), untilMs: nowMs + knownVideoMs };
    this.#rows.set(videoId, entry);
    try {
      return await entry.row;
    } catch (err) {
      // A failure is not remembered.
      if (this.#rows.get(videoId) === entry) this.#rows.delete(videoId);
      throw err;
    }
  }
}

function parseManifest(bytes: Uint8Array, key: string): Manifest {
  try {
    return Manifest.parse(JSON.parse(Buffer.from(bytes).toString()));
  } catch (err) {
    throw new CodedError('object.corrupt', 'The renditions of this video cannot be read.', { cause: new Error(`${key} is no manifest`, { cause: err }) });
  }
}

function playlistOf(manifest: Manifest, generation: number, name: string): string | undefined {
  if (name === 'main.m3u8') return groupPlaylist(manifest, 'main');
  if (name === 'screen.m3u8') return groupPlaylist(manifest, 'screen');
  const rendition = manifest.renditions.find((one) => `${one.id}.m3u8` === name);
  if (rendition) return renditionPlaylist(rendition, generation);
  const ofKeyframes = manifest.renditions.find((one) => keyframePlaylistName(one) === name);
  return ofKeyframes && keyframePlaylist(ofKeyframes, generation);
}

function imageOf({ storyboard, waveform }: VideoRow, path: string): StoredFile | undefined {
  if (path === 'storyboard.vtt') return storyboard?.index;
  if (path === 'waveform.json') return waveform ?? undefined;
  const sprite = /^storyboard-(\d+)\.jpg$/.exec(path)?.[1];
  return sprite === undefined ? undefined : storyboard?.sprites[Number(sprite)];
}

function segmentsIn({ renditions }: Manifest): number {
  return renditions.reduce((sum, { segments }) => sum + segments.length, 1);
}
