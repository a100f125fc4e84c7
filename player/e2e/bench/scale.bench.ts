import { Agent, request } from 'node:http';
import { UserId } from '#engine/contract';
import { bench, processTree, tokenSignerOf, totalCpuSeconds } from '#engine/testing';
import { Classroom } from '../Classroom.ts';
import { makeLargeSite } from './largeSite.ts';
import { recordLecture } from './recordLecture.ts';

const accounts = 10_000;
const videos = 100_000;
/** The others have no rows of segments: what is never played needs none. */
const videosWithSegments = 10_000;
const startLimitMs = 3000;
const viewers = 5000;
const starts = 5;
const requests = 200;
const connections = 32;
/** Segments that each viewer requests, one after the other: as many as it plays in half a minute. */
const segmentsEach = 15;
const rounds = 3;

async function timed(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}

async function timedStarts(classroom: Classroom): Promise<number[]> {
  const samples: number[] = [];
  for (let start = 0; start < starts; start += 1) {
    await classroom.server.stop();
    samples.push(await timed(() => classroom.restart()));
  }
  return samples;
}

function fetchAll(url: URL, agent: Agent): Promise<void> {
  return new Promise((resolve, reject) => {
    request(url, { agent }, (response) => {
      if (response.statusCode !== 200) return reject(new Error(`${url.pathname}: ${response.statusCode}`));
      response.on('end', resolve).on('error', reject).resume();
    }).on('error', reject).end();
  });
}

/** CPU of the server for each segment request, ms, when many viewers watch one recording side by side. */
async function segmentCost(classroom: Classroom, urls: readonly (readonly URL[])[]): Promise<number> {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const pid = classroom.server.pid ?? 0;
  const before = totalCpuSeconds(processTree(pid));
  const turns = Array.from({ length: segmentsEach }, (_, turn) => urls.map((ofViewer) => ofViewer[turn % ofViewer.length] as URL)).flat();
  let next = 0;
  const work = async () => {
    for (let url = turns[next]; url; url = turns[next]) {
      next += 1;
      await fetchAll(url, agent);
    }
  };
  await Promise.all(Array.from({ length: connections }, work));
  agent.destroy();
  return ((totalCpuSeconds(processTree(pid)) - before) * 1000) / turns.length;
}

await bench('a large site', async (report) => {
  const classroom = await Classroom.open({ settings: { LECTERN_LOG_LEVEL: 'info' } });
  try {
    await classroom.student('Noor');
    const { videoId, recordingId } = await recordLecture(classroom);
    report.figure({ name: 'start of the server with one video', unit: 'ms', samples: await timedStarts(classroom) });

    report.say(`adding ${accounts} accounts and ${videos} videos`);
    await classroom.server.stop();
    const people = makeLargeSite({ dataFolder: classroom.dataFolder, accounts, videos, videosWithSegments });
    await classroom.restart();
    report.figure({ name: `start of the server with ${videos} videos`, unit: 'ms', samples: await timedStarts(classroom), target: { of: 'p95', is: 'atMost', limit: startLimitMs } });

    const { ada } = classroom;
    await ada.logIn();
    const searched: number[] = [];
    for (let index = 0; index < requests; index += 1) {
      const search = index % 2 === 0 ? `person${(index * 7919) % accounts}` : 'of 1';
      searched.push(await timed(() => ada.api.listUsers({ query: { search } })));
    }
    report.figure({ name: `search for people among ${accounts}`, unit: 'ms', samples: searched });
    const listed: number[] = [];
    for (let index = 0; index < requests; index += 1) listed.push(await timed(() => ada.api.listLectures({ params: { courseId: classroom.courseId } })));
    report.figure({ name: 'lectures of a course', unit: 'ms', samples: listed });

    report.say(`${viewers} viewers of one recording`);
    const signer = await tokenSignerOf(classroom.dataFolder);
    const names = Array.from({ length: 5 }, (_, sequence) => `main-video/${String(sequence).padStart(6, '0')}.m4s`);
    const urls = people.slice(0, viewers).map(({ userId, loginId }) => {
      const token = signer.sign('playback', { videoId, recordingId, viewer: { userId: UserId.parse(userId), loginId } }, 3600);
      return names.map((name) => new URL(`/media/${token}/${name}`, classroom.server.url));
    });
    const costs: number[] = [];
    for (let round = 0; round < rounds; round += 1) costs.push(await segmentCost(classroom, urls));
    report.figure({ name: `CPU of a segment request, ${viewers} viewers of one lecture`, unit: 'ms', samples: costs });
  } finally {
    await classroom.close();
  }
});
