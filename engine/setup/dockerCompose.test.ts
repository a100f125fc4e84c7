import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from 'vitest';
import { composeNodes, composeProxyConfig } from './cluster/composeSite.ts';

const file = path.join(import.meta.dirname, '..', '..', 'docker-compose.yml');
const text = await readFile(file, 'utf8');

/** The text of each service, by its name. */
const services = new Map(
  (/^services:\n(.*?)^volumes:/ms.exec(text)?.[1] ?? '')
    .split(/^ {2}(?=[a-z])/m)
    .filter((block) => /^[a-z\d-]+:\n/.test(block))
    .map((block) => [block.slice(0, block.indexOf(':')), block]),
);

it('runs every service without capabilities and on a read-only file system', () => {
  expect([...services.keys()]).toEqual(['lectern', 's3', 'mongo', 'redis', ...composeNodes().map(({ name }) => name), 'proxy', 'turn']);
  for (const setting of ['cap_drop: [ALL]', "security_opt: ['no-new-privileges:true']", 'read_only: true']) expect(text).toContain(setting);
  for (const name of ['program', 'node']) expect(text).toMatch(new RegExp(`^x-${name}: &${name}\\n {2}<<: \\*(confined|program)\\n`, 'm'));
  for (const [name, block] of services) expect([name, /<<: \*(confined|program|node)\n/.test(block)]).toEqual([name, true]);
});

it('runs the processes of the cluster with the settings that npm run cluster gives them', () => {
  for (const { name, settings } of composeNodes()) {
    const block = services.get(name) ?? '';
    expect(block).toContain('<<: *node\n');
    expect([name, Object.fromEntries([...block.matchAll(/^ {6}(LECTERN_\w+): (.+)$/gm)].map(([, setting, value]) => [setting, value]))]).toEqual([name, settings]);
    const { LECTERN_RTC_PORT: first, LECTERN_RTC_WORKERS: count } = settings;
    if (first === undefined) continue;
    const range = `${first}-${Number(first) + Number(count) - 1}`;
    expect(block).toContain(`- '${range}:${range}/udp'\n      - '${range}:${range}/tcp'\n`);
  }
});

it('starts all processes of the cluster with its proxy, and not the single node', () => {
  const proxy = services.get('proxy') ?? '';
  for (const { name } of composeNodes()) expect(proxy).toContain(`      ${name}: { condition: service_healthy }\n`);
  expect(proxy).not.toContain('lectern:');
});

it('has the configuration of nginx that npm run cluster makes (update it with: npx vitest run dockerCompose -u)', async () => {
  // Compose replaces variables, and reads $$ as $.
  const config = composeProxyConfig().trimEnd().replaceAll('$', '$$$$').replaceAll(/^(?=.)/gm, ' '.repeat(8));
  const generated = text.replace(/(?<=NGINX_CONF: \|\n).*?(?=\n {4}entrypoint:)/s, () => config);
  await expect(generated).toMatchFileSnapshot(file);
});

it('has no default for a secret, and requires one only where it is used', () => {
  const secrets = text.match(/\$\{\w*(?:SECRET|PASSWORD)\w*:[^}]*\}/g) ?? [];
  expect(secrets.filter((secret) => !/:\?|:-\}/.test(secret))).toEqual([]);
  // Compose replaces variables of every profile, and would ask for the secret of TURN without it.
  for (const [name, block] of services) if (block.includes('profiles:')) expect([name, /(?<!\$)\$\{\w+:\?/.test(block)]).toEqual([name, false]);
});

it('keeps TURN out of private networks', () => {
  for (const range of ['10.0.0.0', '127.0.0.0', '169.254.0.0', '172.16.0.0', '192.168.0.0', '::1', 'fc00::', 'fe80::']) {
    expect(services.get('turn')).toContain(`--denied-peer-ip=${range}`);
  }
});

it('keeps what Node has compiled on a volume, because the file system is read-only', async () => {
  const dockerfile = await readFile(path.join(import.meta.dirname, '..', '..', 'Dockerfile'), 'utf8');
  const folder = /XDG_CACHE_HOME=(\S+)/.exec(dockerfile.slice(dockerfile.lastIndexOf('\nFROM ')))?.[1] ?? 'no folder';
  // A new volume takes its owner from the image.
  expect(dockerfile).toMatch(new RegExp(`chown node:node .*${folder}\\b`));
  expect(services.get('lectern')).toContain(`\n      - cache:${folder}\n`);
  expect(text).toMatch(/^volumes:\n(?: {2}\w+:\n)* {2}cache:$/m);
});

it('starts the server in a container as npm start does', async () => {
  const [dockerfile, manifest] = await Promise.all(['Dockerfile', 'package.json'].map((name) => readFile(path.join(import.meta.dirname, '..', '..', name), 'utf8')));
  const { scripts } = JSON.parse(manifest ?? '') as { scripts: { start: string } };
  expect(dockerfile).toContain(`\nCMD ${JSON.stringify(scripts.start.split(' ')).replaceAll(',', ', ')}\n`);
});
