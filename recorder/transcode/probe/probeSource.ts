import { open } from 'node:fs/promises';
import path from 'node:path';
import { CodedError } from '#engine/contract';
import * as limits from '../limits.ts';
import type { MediaTools } from '../tools/MediaTools.ts';
import { ToolFailure } from '../tools/MediaTools.ts';
import { containerHeadBytes, containerOf } from './containerOf.ts';
import type { Container } from './containerOf.ts';
import { PacketScan } from './PacketScan.ts';
import { ProbeOutput } from './probeOutput.ts';
import { audioStreamsOf, profileSource, requireReadable, videoStreamOf } from './profileSource.ts';
import type { SourceProfile } from './SourceProfile.ts';
import { inputFile, openingOptions, sourceFileName } from './toolOptions.ts';

export interface ProbeOptions {
  tools: MediaTools;
  /** Contains the source file under its fixed name. */
  folder: string;
  signal?: AbortSignal | undefined;
}

export interface ProbedSource {
  container: Container;
  profile: SourceProfile;
}

/**
 * Finds out what a source file contains. Reads all of its packets, because headers lie.
 * @throws CodedError `video.unknownFormat`, `video.damaged`, `video.encrypted`, `video.noTracks`, `video.tooLarge`, `video.tooLong`
 */
export async function probeSource(options: ProbeOptions): Promise<ProbedSource> {
  const { container, bytes } = await readContainer(path.join(options.folder, sourceFileName));
  const tracks = await probeTracks(container, options);
  requireReadable(tracks);
  const packets = await scanPackets({ container, tracks, bytes }, options);
  return { container, profile: profileSource(tracks, packets, { container: container.name, bytes }) };
}

async function readContainer(file: string): Promise<{ container: Container; bytes: number }> {
  const handle = await open(file, 'r');
  try {
    const head = Buffer.alloc(containerHeadBytes);
    const { bytesRead } = await handle.read(head, 0, head.length, 0);
    if (bytesRead === 0) throw new CodedError('video.damaged', 'The file is empty.');
    const container = containerOf(head.subarray(0, bytesRead));
    if (!container) throw new CodedError('video.unknownFormat', 'The file is no video or audio of a kind that can be used. MP4, MOV, MKV, WebM, AVI, MPEG-TS and common audio files can.');
    return { container, bytes: (await handle.stat()).size };
  } finally {
    await handle.close();
  }
}

async function probeTracks(container: Container, { tools, folder, signal }: ProbeOptions): Promise<ProbeOutput> {
  const args = [...openingOptions(container), '-show_streams', '-show_format', '-of', 'json', ...inputFile()];
  const text = await unlessDamaged(tools.read({ program: 'ffprobe', args, cwd: folder, limitSeconds: limits.probeTimeoutSeconds, isLight: true, signal }));
  try {
    return ProbeOutput.parse(JSON.parse(text));
  } catch (err) {
    throw new CodedError('video.damaged', 'The file is damaged: its tracks cannot be read.', { cause: err });
  }
}

async function scanPackets({ container, tracks, bytes }: { container: Container; tracks: ProbeOutput; bytes: number }, { tools, folder, signal }: ProbeOptions) {
  const video = videoStreamOf(tracks);
  const known = new Set([video, ...audioStreamsOf(tracks)].flatMap((stream) => stream?.index ?? []));
  const scan = new PacketScan(video ? [video.index] : []);
  const args = [...openingOptions(container), '-show_entries', 'packet=stream_index,pts_time,dts_time,duration_time,flags', '-of', 'csv=p=0', ...inputFile()];
  const limitSeconds = limits.probeTimeoutSeconds + bytes / limits.slowReadBytesPerSecond;
  const tool = await tools.start({ program: 'ffprobe', args, cwd: folder, limitSeconds, isLight: true, signal });
  tool.stdin.end();
  const read = async () => {
    tool.stdout.setEncoding('utf8');
    for await (const chunk of tool.stdout) scan.add(chunk as string);
  };
  await unlessDamaged(Promise.all([read(), tool.done]));
  return new Map([...scan.result()].filter(([index]) => known.has(index)));
}

/** A file at which ffprobe fails is damaged. */
async function unlessDamaged<T>(reading: Promise<T>): Promise<T> {
  try {
    return await reading;
  } catch (err) {
    if (err instanceof ToolFailure && /whitelist/i.test(err.stderrTail)) throw new CodedError('video.unknownFormat', 'The file contains media of a kind that cannot be used.', { cause: err });
    if (err instanceof ToolFailure && !err.isTimeout) throw new CodedError('video.damaged', 'The file is damaged or incomplete.', { cause: err });
    throw err;
  }
}
