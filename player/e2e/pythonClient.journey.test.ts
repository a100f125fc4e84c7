import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { describe, expect } from 'vitest';
import { until } from '#engine/testing';
import { RoomVisit } from '../demo/RoomVisit.ts';
import { it } from './classroomTest.ts';
import { password } from './RunningSite.ts';

/** The Python of an environment with signaling/testing/python/requirements.txt. */
const python = process.env.LECTERN_TEST_PYTHON;
const program = path.resolve(import.meta.dirname, '..', '..', 'signaling', 'testing', 'python', 'room_client.py');
const patientMs = 120_000;

interface Report {
  event: string;
  [field: string]: unknown;
}

/** A client in another language, made from PROTOCOL.md. */
class PythonClient {
  readonly reports: Report[] = [];
  readonly #child;
  #stderr = '';

  constructor(...args: string[]) {
    this.#child = spawn(python ?? '', [program, ...args], { stdio: ['pipe', 'pipe', 'pipe'] });
    createInterface({ input: this.#child.stdout }).on('line', (line) => this.reports.push(JSON.parse(line) as Report));
    this.#child.stderr.setEncoding('utf8').on('data', (text: string) => (this.#stderr += text));
  }

  type(text: string): void {
    this.#child.stdin.write(`${text}\n`);
  }

  /** Waits for a report with these fields. */
  async until(what: string, expected: object): Promise<void> {
    const matches = expect.objectContaining(expected) as { asymmetricMatch(other: unknown): boolean };
    await until(what, () => {
      if (this.#child.exitCode !== null) throw new Error(`the client has ended before ${what}:\n${this.#stderr}`);
      return this.reports.some((report) => matches.asymmetricMatch(report));
    }, patientMs);
  }

  async leave(): Promise<void> {
    this.#child.stdin.end();
    if (this.#child.exitCode === null) await once(this.#child, 'exit');
    expect([this.#child.exitCode, this.reports.at(-1)], this.#stderr).toEqual([0, { event: 'left' }]);
  }

  kill(): void {
    this.#child.kill('SIGKILL');
  }
}

if (!python) process.stderr.write('\nNOT TESTED: a client in Python. Set LECTERN_TEST_PYTHON (see .ci/python-client).\n');

describe.skipIf(!python)('a client in Python, made from PROTOCOL.md', () => {
  it('publishes, receives video and audio, and chats', async ({ classroom, onTestFinished }) => {
    const { url, ada } = classroom;
    const noor = await classroom.student('Noor');
    const lectureId = await classroom.startLecture('From Python');
    const client = (role: 'viewer' | 'presenter', { email }: { email: string }) => {
      const started = new PythonClient(role, url, lectureId, email, password);
      onTestFinished(() => started.kill());
      return started;
    };

    const presenter = client('presenter', ada.credentials);
    for (const [source, kind] of [['camera', 'video'], ['microphone', 'audio']]) {
      await presenter.until(`its ${kind}`, { event: 'published', publication: expect.objectContaining({ source, kind }) });
    }

    const viewer = client('viewer', noor.credentials);
    await viewer.until('its place in the room', { event: 'joined', publications: ['camera', 'microphone'] });
    await viewer.until('video', { event: 'frames', kind: 'video', width: 320, height: 240 });
    await viewer.until('audio', { event: 'frames', kind: 'audio', sampleRate: 48_000 });

    const visit = await RoomVisit.enter(url, ada, lectureId);
    const posted: string[] = [];
    visit.socket.on('chat.posted', ({ message }) => posted.push(message.text));
    viewer.type('Which lens is that?');
    await viewer.until('the acknowledgement', { event: 'posted', message: expect.objectContaining({ text: 'Which lens is that?' }) });
    await until('the message', () => posted.includes('Which lens is that?'));
    await visit.ask('chat.post', { text: 'A convex one.' });
    await viewer.until('the answer', { event: 'push', name: 'chat.posted', data: { message: expect.objectContaining({ text: 'A convex one.' }) } });

    await viewer.leave();
    await presenter.leave();
    visit.leave();
    await until('the recording', async () => (await ada.api.getLecture({ params: { lectureId } })).videoId !== null);
    await ada.api.endLecture({ params: { lectureId } });
  });
});
