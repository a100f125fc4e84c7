import { spawn } from 'node:child_process';

// Segments come from another host where they are in S3, and ffmpeg's null output would round times to whole frames.
const quietly = ['-http_persistent', '0'];
const asTheyAre = ['-enc_time_base', '-1', '-f', 'null'];

/** Decodes a playlist from its beginning to its end; what ffmpeg complains of, which is nothing when all is well. */
export async function playInFfmpeg(url: string): Promise<string> {
  const child = spawn('ffmpeg', ['-nostdin', '-hide_banner', '-v', 'error', ...quietly, '-i', url, ...asTheyAre, '-'], { stdio: ['ignore', 'ignore', 'pipe'] });
  const complaints = (await child.stderr.toArray()).join('');
  const code = child.exitCode ?? (await new Promise<number | null>((resolve) => child.once('close', resolve)));
  return code === 0 ? complaints : `${complaints}\nffmpeg ended with ${code}`;
}
