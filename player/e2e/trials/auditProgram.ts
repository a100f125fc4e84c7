import { spawn } from 'node:child_process';
import path from 'node:path';

/** One track of a recording in the output of `npm run audit -- --json`. */
export interface AuditedTrack {
  track: string;
  segments: number;
  endMs: number;
  presence: { startMs: number; endMs: number }[];
}

export interface AuditVerdict {
  isWhole: boolean;
  recordings: {
    recordingId: string;
    lectureId: string;
    state: string;
    isStored: boolean;
    waiting: number;
    tracks: AuditedTrack[];
    damages: { kind: string; what: string; detail?: string }[];
    leftovers: { kind: string; what: string }[];
  }[];
  foreign: { kind: string; what: string }[];
  leftovers: { kind: string; what: string }[];
}

const root = path.resolve(import.meta.dirname, '..', '..', '..');

/** Audits the recordings of a stopped server against its store, as its administrator does. */
export async function auditData(dataFolder: string, settings: Readonly<Record<string, string | undefined>>): Promise<AuditVerdict> {
  const environment = { ...process.env, ...settings, LECTERN_DATA_DIR: dataFolder };
  const child = spawn(process.execPath, [path.join(root, 'recorder/audit/audit.ts'), '--json'], { cwd: root, env: environment, stdio: ['ignore', 'pipe', 'pipe'] });
  const [out, err] = await Promise.all([child.stdout, child.stderr].map(async (pipe) => (await pipe.toArray()).join('')));
  if (!out) throw new Error(`the audit did not run: ${err}`);
  return JSON.parse(out) as AuditVerdict;
}

/** All damages in words; empty when the recordings are whole. */
export function damagesOf({ recordings, foreign }: AuditVerdict): string[] {
  return [...recordings.flatMap(({ damages }) => damages), ...foreign].map(({ kind, what }) => `${kind}: ${what}`);
}

/** Of a lecture without a screen. */
const mainTracks = ['main-audio', 'main-video'];

/** Missing and additional tracks, where each recording has one video and one audio track. */
export function unexpectedTracks({ recordings }: AuditVerdict): string[] {
  if (recordings.length === 0) return ['no recording'];
  return recordings.flatMap(({ tracks }) => {
    const found = tracks.map(({ track }) => track);
    const missing = mainTracks.filter((track) => !found.includes(track));
    const others = found.filter((track) => !mainTracks.includes(track));
    return [...missing.map((track) => `no ${track}`), ...others.map((track) => `a ${track}`)];
  });
}

/** Up to where both video and audio are in the journal, without fillers; 0 when one of them is missing. */
export function mediaEndMs({ recordings }: AuditVerdict): number {
  const ends = mainTracks.map((name) => recordings[0]?.tracks.find(({ track }) => track === name)?.presence.at(-1)?.endMs ?? 0);
  return Math.min(...ends);
}

/** Where a track lacks media between its first and its last segment, on the lecture's clock. */
export function gapsOf(tracks: readonly AuditedTrack[], name: string): { startMs: number; endMs: number }[] {
  const presence = tracks.find(({ track }) => track === name)?.presence ?? [];
  return presence.slice(1).map(({ startMs }, index) => ({ startMs: presence[index]?.endMs ?? 0, endMs: startMs }));
}

/** What a crash has left behind, by kind: `2 alreadyStored, 1 draft`. */
export function leftoversOf({ recordings, leftovers }: AuditVerdict): string {
  const kinds = [...recordings.flatMap((recording) => recording.leftovers), ...leftovers].map(({ kind }) => kind);
  return [...new Set(kinds)].map((kind) => `${kinds.filter((one) => one === kind).length} ${kind}`).join(', ') || 'none';
}
