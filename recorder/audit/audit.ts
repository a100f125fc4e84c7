/**
 * Checks every recording in the database against its store and the spool in a data folder, with the settings of `main.ts`,
 * while the server does not run: `npm run audit`, or `npm run audit -- --json` for machines. The exit code is 0 when
 * everything is intact, 1 when something is damaged, and 2 when the check failed.
 */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { ConfigError, createLogger, databaseFile, DatabaseFileError, openDatabase, openNodeFolder, parseConfig, processConfig } from '#engine/kernel';
import { Spool } from '../capture/Spool.ts';
import { VideoStore } from '../library/index.ts';
import { Journal } from '../journal/Journal.ts';
import { checkStorageConfig, storageConfig } from '../storage/config.ts';
import { objectFolder, readObjectStore } from '../storage/openObjectStore.ts';
import { workFolderName } from '../library/workFolder.ts';
import { auditRecordings } from './auditRecordings.ts';
import type { AuditReport } from './AuditReport.ts';
import { printAudit } from './printAudit.ts';

const settings = processConfig.extend(storageConfig.shape);

async function audit(environment: NodeJS.ProcessEnv): Promise<AuditReport> {
  const config = parseConfig(settings, environment, checkStorageConfig);
  const dataFolder = path.resolve(config.LECTERN_DATA_DIR);
  if (config.LECTERN_DATABASE_URL === undefined && !existsSync(databaseFile(dataFolder))) throw new Error(`There is no Lectern data in ${dataFolder}; set LECTERN_DATA_DIR.`);
  await using building = new AsyncDisposableStack();
  const node = building.adopt(openNodeFolder(dataFolder), (part) => part.close());
  const database = building.adopt(await openDatabase({ config, dataFolder, logger: createLogger({ level: 'silent' }) }), (part) => part.close());
  const store = building.adopt(readObjectStore(config, dataFolder), (part) => part.close());
  const spoolFolder = path.join(dataFolder, 'spool');
  return await auditRecordings({
    journal: new Journal(database, node.nodeId, store),
    videos: new VideoStore(database),
    store,
    storeFolder: config.LECTERN_S3_BUCKET === undefined ? objectFolder(dataFolder) : undefined,
    spool: new Spool(spoolFolder),
    spoolFolder,
    workFolder: path.join(dataFolder, workFolderName),
  });
}

function explain(error: unknown): string {
  if (error instanceof DatabaseFileError && error.reason === 'locked') return 'Lectern is running on this data folder. Stop it, then run the audit again.';
  if (error instanceof ConfigError || error instanceof Error) return error.message;
  return String(error);
}

try {
  if (existsSync('.env')) process.loadEnvFile('.env');
  // eslint-disable-next-line no-restricted-properties -- this is a program with its own settings
  const report = await audit(process.env);
  process.stdout.write(`${process.argv.includes('--json') ? JSON.stringify(report) : printAudit(report)}\n`);
  process.exitCode = report.isWhole ? 0 : 1;
} catch (error) {
  process.stderr.write(`The recordings could not be checked: ${explain(error)}\n`);
  process.exitCode = 2;
}
