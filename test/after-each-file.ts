import { afterAll } from 'vitest';
import { removeFolders } from './new-folder.ts';

// Here and not where folders are made: files that share a process load that only once.
afterAll(removeFolders);
