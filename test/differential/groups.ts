// All cases, by group.

import type { Cases } from './case';
import * as ending from './ending';
import { identity } from './identity';
import * as services from './services';
import * as stdio from './stdio';

export const groups: Readonly<Record<string, Cases>> = {
  'natural end': ending.natural,
  'exit status': ending.statuses,
  errors: ending.errors,
  signals: ending.signals,
  'output and the end': ending.output,
  'kinds of standard streams': stdio.kinds,
  'use of standard streams': stdio.uses,
  identity,
  network: services.network,
  files: services.files,
  cryptography: services.cryptography,
  processes: services.processes,
  threads: services.threads,
  engine: services.engine,
};
