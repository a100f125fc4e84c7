import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect } from 'vitest';
import type { LectureId } from '#engine/contract';
import { until } from '#engine/testing';
import type { LocalCluster } from '../../../engine/setup/cluster/LocalCluster.ts';
import type { RunningNode } from '../../../engine/setup/cluster/LocalCluster.ts';
import { RoomVisit } from '../../demo/RoomVisit.ts';
import { SyntheticEncoder } from '../../demo/SyntheticEncoder.ts';
import { Classroom } from '../Classroom.ts';
import { it } from '../classroomTest.ts';
import { isMoving } from '../mediaProbes.ts';
import { playToEnd } from '../replay.ts';
import { joinRunningSite } from '../RunningSite.ts';
import { auditData, damagesOf } from './auditProgram.ts';
import { hasClusterServers, newClusterSite, openTrialCluster } from './openTrialCluster.ts';
import type { SiteSettings } from './openTrialCluster.ts';
import { TrialReport } from './TrialReport.ts';
import { isLongRun, trialSize } from './trialSize.ts';

if (!hasClusterServers) process.stderr.write('NOT TESTED: kills in a cluster need mongo-java-server, an S3 server, Redis and nginx (see .ci/run)\n');

const patientMs = 120_000;
/** As OBS waits by default before it connects again. */
const reconnectMs = 2000;
/** How often each live process is killed in turn. */
const liveKills = trialSize({ short: 1, long: 10 });

/** Connects again whenever its connection ends, as OBS does. */
class PersistentEncoder {
  readonly #url: string;
  #encoder: SyntheticEncoder | undefined;
  #isStopped = false;
  readonly #running: Promise<void>;

  constructor(url: string) {
    this.#url = url;
    this.#running = this.#run();
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    await this.#encoder?.stop();
    await this.#running;
  }

  async #run(): Promise<void> {
    while (!this.#isStopped) {
      this.#encoder = new SyntheticEncoder({ url: this.#url, profile: 'gentle', sizePx: '320x180' });
      await this.#encoder.exited;
      if (!this.#isStopped) await sleep(reconnectMs);
    }
  }
}

(hasClusterServers ? describe : describe.skip)('a class in a cluster', () => {
  it('goes on when its processes are killed, with one whole recording', async ({ browser }) => {
    const report = new TrialReport('clusterKills');
    const folder = await mkdtemp(path.join(tmpdir(), 'lectern-kills-'));
    const site = newClusterSite('kills');
    const cluster = await openTrialCluster(folder, { site, counts: { live: 2, api: 2, delivery: 2, worker: 1 } });
    let encoder: PersistentEncoder | undefined;
    try {
      const [, setupToken] = /token=(\w+)/.exec(cluster.setupUrl ?? '') ?? [];
      const classroom = await Classroom.openOn(await joinRunningSite({ url: cluster.url, setupToken }), browser);
      const [noor, mateo] = [await classroom.student('Noor'), await classroom.student('Mateo')];
      const lectureId = await classroom.startLecture();
      encoder = new PersistentEncoder(await classroom.streamUrl());
      const room = await classroom.openPage(noor, `/live/${lectureId}`);
      await until('the video', () => isMoving(room), patientMs);
      const chat = async (text: string) => {
        await until('a message to be taken', () => post(cluster.url, { person: mateo, lectureId, text }), patientMs);
        await room.getByText(text).first().waitFor({ timeout: patientMs });
      };
      const kill = async (node: RunningNode) => {
        node.process.kill();
        const fromMs = performance.now();
        await until(`the video after the death of ${node.name}`, () => isMoving(room), patientMs);
        report.add({ process: node.name, 'video again after s': Math.round((performance.now() - fromMs) / 100) / 10 });
        await chat(`without ${node.name}, ${Math.round(fromMs)}`);
        await node.process.ended;
        await cluster.restart(node);
      };

      if (isLongRun) for (const role of ['api', 'delivery', 'worker'] as const) await kill(cluster.nodes.find((node) => node.role === role)!);
      for (let count = 0; count < liveKills; count += 1) {
        const { signaling } = await noor.api.joinLecture({ body: { lectureId } });
        await kill(cluster.nodes.find(({ name }) => signaling.path.startsWith(`/nodes/${name}/`))!);
      }

      const { videoId } = await classroom.endRecorded(lectureId);
      await encoder.stop();
      const { videos } = await noor.api.listVideos({ params: { courseId: classroom.courseId } });
      expect(videos.map(({ id }) => id)).toEqual([videoId]);
      const page = await classroom.openPage(noor, `/watch/${videoId}`);
      const { durationSeconds, playedSeconds } = await playToEnd(page.locator('video').first());
      expect(Math.abs(durationSeconds - playedSeconds)).toBeLessThan(1);
      await classroom.close();
      await expectWhole(cluster, site);
    } finally {
      await encoder?.stop();
      await cluster.stop();
      await rm(folder, { recursive: true, force: true });
    }
  });
});

/** False while the lecture moves to another process. */
async function post(url: string, { person, lectureId, text }: { person: Parameters<typeof RoomVisit.enter>[1]; lectureId: LectureId; text: string }): Promise<boolean> {
  try {
    const visit = await RoomVisit.enter(url, person, lectureId);
    await visit.ask('chat.post', { text }).finally(() => visit.leave());
    return true;
  } catch {
    return false;
  }
}

/** Once the live processes have stopped, every segment is in the store, and each is intact. */
async function expectWhole(cluster: LocalCluster, site: SiteSettings): Promise<void> {
  const live = cluster.nodes.filter(({ role }) => role === 'live');
  for (const { process } of live) await process.stop();
  for (const { dataFolder, settings } of live) {
    const verdict = await auditData(dataFolder, { ...site, ...settings });
    expect(damagesOf(verdict)).toEqual([]);
    expect(verdict.recordings).toHaveLength(1);
    expect(verdict.recordings[0]?.waiting).toBe(0);
  }
}
