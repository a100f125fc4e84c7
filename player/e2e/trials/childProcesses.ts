import { readFileSync } from 'node:fs';
import { processTree } from '#engine/testing';

/** The child processes of a server. */
export type ChildRole = 'media worker' | 'video ffmpeg' | 'audio ffmpeg' | 'VP8 ffmpeg';

/** The ids of the server's children in that role. */
export function childrenOf(serverPid: number, role: ChildRole): number[] {
  return processTree(serverPid).flatMap(({ pid, command }) => (roleOf(command, pid) === role ? [pid] : []));
}

export function isThere(pid: number): boolean {
  try {
    // A zombie has ended; its parent has not collected it yet.
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

function roleOf(command: string, pid: number): ChildRole | undefined {
  if (command.startsWith('mediasoup-worke')) return 'media worker';
  if (command !== 'ffmpeg') return undefined;
  const words = argumentsOf(pid);
  if (words.includes('libopus')) return 'audio ffmpeg';
  if (words.includes('ivf')) return 'VP8 ffmpeg';
  return words.includes('libx264') && words.includes('flv') ? 'video ffmpeg' : undefined;
}

function argumentsOf(pid: number): string[] {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
  } catch {
    return [];
  }
}
