import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { until } from '#engine/testing';
import { freePort } from '../../../engine/setup/freePort.ts';

/** A MediaMTX that records what comes over RTMP and makes HLS of it. Owns the process and its files. */
export class MediaMtx {
  readonly rtmpUrl: string;
  readonly #child: ChildProcess;
  readonly #folder: string;

  private constructor(parts: { child: ChildProcess; folder: string; rtmpPort: number }) {
    this.#child = parts.child;
    this.#folder = parts.folder;
    this.rtmpUrl = `rtmp://127.0.0.1:${parts.rtmpPort}`;
  }

  static async start(binary: string): Promise<MediaMtx> {
    const folder = mkdtempSync(path.join(tmpdir(), 'lectern-mediamtx-'));
    const [rtmpPort, hlsPort] = [Number(await freePort()), Number(await freePort())];
    const settings = [
      'logLevel: error', 'rtsp: no', 'webrtc: no', 'srt: no', `rtmpAddress: 127.0.0.1:${rtmpPort}`, 'hls: yes', 'hlsAlwaysRemux: yes', `hlsAddress: 127.0.0.1:${hlsPort}`,
      'pathDefaults:', '  record: yes', '  recordFormat: fmp4', `  recordPath: ${folder}/%path/%Y-%m-%d_%H-%M-%S-%f`, 'paths:', '  all_others:',
    ];
    const file = path.join(folder, 'mediamtx.yml');
    writeFileSync(file, settings.join('\n'));
    const child = spawn(binary, [file], { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] });
    await until('MediaMTX', () => accepts(rtmpPort));
    return new MediaMtx({ child, folder, rtmpPort });
  }

  get pid(): number {
    return this.#child.pid ?? NaN;
  }

  async close(): Promise<void> {
    const exited = once(this.#child, 'exit');
    this.#child.kill();
    await exited;
    rmSync(this.#folder, { recursive: true });
  }
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => resolve(true)).on('error', () => resolve(false));
    socket.on('connect', () => socket.destroy());
  });
}
