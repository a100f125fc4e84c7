import { spawnSync } from 'node:child_process';
import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';

import { installPackages } from './debian.mjs';
import { SetupProblem } from './progress.mjs';

const oldestFfmpeg = [4, 4];
const neededEncoders = ['libx264', 'libopus', 'aac'];
const browserNames = ['chromium', 'chromium-browser', 'google-chrome'];

/** ffmpeg with encoders for H.264, Opus and AAC. */
export const mediaTools = {
  missing({ env }) {
    return ffmpegProblem(env);
  },

  async provide({ env }) {
    const problem = ffmpegProblem(env);
    if (env.LECTERN_FFMPEG) throw new SetupProblem(`LECTERN_FFMPEG=${env.LECTERN_FFMPEG} cannot be used: ${problem}.`);
    await installPackages(['ffmpeg'], {
      env,
      why: `Lectern records with ffmpeg: ${problem}.`,
      elsewhere: 'Install ffmpeg (on macOS: brew install ffmpeg), or set LECTERN_FFMPEG.',
    });
    const left = ffmpegProblem(env);
    if (left) throw new SetupProblem(`${left}. Set LECTERN_FFMPEG to another one.`);
  },
};

/** A browser for the journeys of `npm test`. */
export const browser = {
  missing({ env }) {
    return findBrowser(env) ? undefined : 'the tests need a Chromium, and none is in PATH';
  },

  async provide({ env }) {
    if (env.LECTERN_CHROMIUM) throw new SetupProblem(`LECTERN_CHROMIUM=${env.LECTERN_CHROMIUM} is not a program.`);
    await installPackages(['chromium'], {
      env,
      why: 'The tests need a Chromium, and none is in PATH.',
      elsewhere: 'Install Chromium or Google Chrome, or set LECTERN_CHROMIUM.',
    });
    if (!findBrowser(env)) throw new SetupProblem('Debian\'s chromium is installed, but "chromium" is not in PATH.');
  },
};

export function findBrowser(env) {
  return findProgram(env.LECTERN_CHROMIUM ? [env.LECTERN_CHROMIUM] : browserNames, env.PATH);
}

function ffmpegProblem(env) {
  const path = findProgram([env.LECTERN_FFMPEG || 'ffmpeg'], env.PATH);
  if (!path) return 'ffmpeg is not in PATH';
  // The banner of the same call has the version.
  const { status, stdout, stderr } = spawnSync(path, ['-encoders'], { encoding: 'utf8' });
  if (status !== 0) return `${path} does not run`;
  return ffmpegShortfall(stderr, stdout);
}

/** What an ffmpeg lacks, by its banner and its list of encoders; undefined when it lacks nothing. */
export function ffmpegShortfall(banner, encoders) {
  const version = /^ffmpeg version n?(\d+)\.(\d+)/.exec(banner);
  // The version of a build from the sources is a date or a commit. Only its encoders are checked.
  if (version && isOlder([Number(version[1]), Number(version[2])], oldestFfmpeg)) {
    return `ffmpeg is ${version[1]}.${version[2]}, and ${oldestFfmpeg.join('.')} is needed`;
  }
  const offered = new Set([...encoders.matchAll(/^ [A-Z.]{6} (\S+)/gm)].map((match) => match[1]));
  const lacking = neededEncoders.filter((name) => !offered.has(name));
  return lacking.length > 0 ? `ffmpeg was built without ${lacking.join(', ')}` : undefined;
}

function isOlder([major, minor], [otherMajor, otherMinor]) {
  return major < otherMajor || (major === otherMajor && minor < otherMinor);
}

function findProgram(names, path = '') {
  const folders = path.split(delimiter).filter(Boolean);
  const candidates = names.flatMap((name) => (name.includes('/') ? [name] : folders.map((folder) => join(folder, name))));
  return candidates.find((candidate) => {
    try {
      accessSync(candidate, constants.X_OK);
      return statSync(candidate).isFile();
    } catch {
      return false;
    }
  });
}
