import { createReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';
import type { Account } from '#api/contract';
import { CourseId, LectureId, UserId, VideoId } from '#engine/contract';
import { exampleVideo } from './exampleVideo.ts';
import { playlistUntil } from './playlistUntil.ts';

export interface ReplayServerOptions {
  /** The built player. */
  pages: string;
  /** The folder written by `makeRecording`. */
  recording: string;
}

export interface ReplayServer {
  url: string;
  /** The state behind the responses; tests change it while the page is open. */
  state: ReplayServerState;
  close(): Promise<void>;
}

/** The state that the fake API serves. */
export class ReplayServerState {
  /** Media URLs signed with any other token are refused. */
  token = 'one';
  expiresInSeconds = 3600;
  /** If set, the lecture is live and its playlists end here. */
  liveUntilSeconds: number | undefined;
  isAllowed = true;
  isMediaUnavailable = false;
  /** The first segment of the audio is a gap. */
  hasAudioGap = false;
  sources: ('camera' | 'screen')[] = ['camera', 'screen'];
  chatOffsetSeconds = 2;
  messages: { atSeconds: number; name: string; text: string; role?: string }[] = [];
  progress: { positionSeconds: number; isFinished: boolean; updatedAt: string | null } = { positionSeconds: 0, isFinished: false, updatedAt: null };
  readonly saved: { positionSeconds: number; isFinished: boolean }[] = [];
  playbackRequests = 0;
  title = '4. Eigenvalues and what they are good for';
}

export const fakeVideoId = VideoId.parse('vid_00000000000000000001');
export const fakeLectureId = LectureId.parse('lec_00000000000000000001');
const courseId = CourseId.parse('crs_00000000000000000001');
const userId = 'usr_00000000000000000001';
export const watchPath = `/watch/${fakeVideoId}`;

const types: Record<string, string> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
  '.jpg': 'image/jpeg',
  '.m3u8': 'application/vnd.apple.mpegurl',
  '.mp4': 'video/mp4',
  '.m4s': 'video/iso.segment',
};

/** A server for the replay page: the built pages, the API routes that it calls, and signed media. */
export async function serveReplay({ pages, recording }: ReplayServerOptions): Promise<ReplayServer> {
  const state = new ReplayServerState();
  const server = createServer((request, response) => {
    respond({ request, response, state, pages, recording }).catch((error: unknown) => {
      response.statusCode = 500;
      response.end(String(error));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://localhost:${port}`,
    state,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

interface Exchange extends ReplayServerOptions {
  request: IncomingMessage;
  response: ServerResponse;
  state: ReplayServerState;
}

async function respond(exchange: Exchange): Promise<void> {
  const { request, response, state, pages } = exchange;
  const { pathname: path, searchParams } = new URL(request.url ?? '/', 'http://localhost');
  if (path.startsWith('/api/')) return json(response, await apiResponse(request, { path, after: Number(searchParams.get('after')) }, state));
  if (path.startsWith('/media/')) return sendMedia(exchange, path);
  const file = join(pages, normalize(path));
  const isThere = extname(path) !== '' && (await stat(file).then((found) => found.isFile(), () => false));
  return sendFile(response, isThere ? file : join(pages, 'index.html'));
}

interface JsonResponse {
  status: number;
  body: unknown;
}

async function apiResponse(request: IncomingMessage, { path, after }: { path: string; after: number }, state: ReplayServerState): Promise<JsonResponse> {
  if (path.endsWith('/users/refresh')) return ok({ accessToken: 'token', expiresAt: inSeconds(600), account: account() });
  if (!state.isAllowed) return problem(403, 'access.denied');
  if (path.endsWith('/stream')) {
    state.playbackRequests += 1;
    return ok(playbackOf(state));
  }
  if (path.endsWith('/progress') && request.method === 'PUT') {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const mark = JSON.parse(Buffer.concat(chunks).toString()) as { positionSeconds: number; isFinished: boolean };
    state.saved.push(mark);
    state.progress = { ...mark, updatedAt: inSeconds(0) };
    return ok(state.progress);
  }
  if (path.endsWith('/progress')) return ok(state.progress);
  if (path.endsWith('/chat')) return ok({ messages: state.messages.map(messageOf).slice(after), deletedIds: [], lastSeq: state.messages.length, hasMore: false });
  if (path.endsWith('/comments')) return ok({ pinned: [], comments: [], nextCursor: null, count: 0, isOpen: true, obstacle: null });
  return problem(404, 'route.unknown');
}

async function sendMedia({ response, state, recording }: Exchange, path: string): Promise<void> {
  const [, , token, ...rest] = path.split('/');
  const name = rest.join('/');
  if (state.isMediaUnavailable) return json(response, problem(503, 'store.unavailable'));
  if (!state.isAllowed || token !== state.token) return json(response, problem(403, 'access.denied'));
  const file = join(recording, normalize(`/${name}`));
  if (extname(name) !== '.m3u8') return sendFile(response, file);
  const whole = await readFile(file, 'utf8');
  const text = state.hasAudioGap && name.includes('audio') ? whole.replace('#EXTINF', '#EXT-X-GAP\n#EXTINF') : whole;
  response.writeHead(200, { 'content-type': types['.m3u8'], 'cache-control': 'no-store' });
  response.end(state.liveUntilSeconds === undefined ? text : playlistUntil(text, state.liveUntilSeconds));
}

async function sendFile(response: ServerResponse, file: string): Promise<void> {
  const found = await stat(file).catch(() => undefined);
  if (!found) return json(response, problem(404, 'object.notFound'));
  response.writeHead(200, { 'content-type': types[extname(file)] ?? 'application/octet-stream', 'content-length': found.size });
  createReadStream(file).pipe(response);
}

function playbackOf(state: ReplayServerState) {
  const isLive = state.liveUntilSeconds !== undefined;
  const durationSeconds = state.liveUntilSeconds ?? 60;
  const names = { camera: 'main.m3u8', screen: 'screen.m3u8' } as const;
  return {
    video: exampleVideo({
      id: fakeVideoId,
      courseId,
      courseTitle: 'Linear algebra, autumn 2026',
      lectureId: fakeLectureId,
      title: state.title,
      state: isLive ? 'live' : 'ready',
      recordedAt: '2026-11-18T09:00:00.000Z',
      durationSeconds,
      posterUrl: `/media/${state.token}/poster.jpg`,
    }),
    isLive,
    tracks: state.sources.map((source) => ({
      source,
      masterUrl: `/media/${state.token}/${names[source]}`,
      hasVideo: true,
      hasAudio: source === 'camera',
      startOffsetSeconds: 0,
      kept: null,
      durationSeconds,
      pictures: [{ startSeconds: 0, endSeconds: durationSeconds }],
    })),
    kept: null,
    chatOffsetSeconds: state.chatOffsetSeconds,
    expiresAt: inSeconds(state.expiresInSeconds),
  };
}

function messageOf({ atSeconds, name, text, role = 'student' }: ReplayServerState['messages'][number], index: number) {
  return { id: `msg_${String(index).padStart(20, '0')}`, userId, displayName: name, role, text, atMs: atSeconds * 1000 };
}

function account(): Account {
  return { id: UserId.parse(userId), email: 'ada@example.org', displayName: 'Ada Example', roles: ['student'], createdAt: inSeconds(0), isDeactivated: false, avatarId: null, language: null, timeZone: null, isEmailVerified: true, eraseAfter: null };
}

function ok(body: unknown): JsonResponse {
  return { status: 200, body };
}

function problem(status: number, code: string): JsonResponse {
  return { status, body: { type: 'about:blank', title: code, status, detail: code, instance: '/', code } };
}

function json(response: ServerResponse, { status, body }: JsonResponse): void {
  response.writeHead(status, { 'content-type': status < 400 ? 'application/json' : 'application/problem+json' });
  response.end(JSON.stringify(body));
}

function inSeconds(seconds: number): string {
  return new Date(Date.now() + seconds * 1000).toISOString();
}
