import { describe, expect, it } from 'vitest';
import { planRegister } from '../../lib/registry/register.ts';
import { readSnapshot, type SnapshotMemory } from '../../lib/registry/snapshot.ts';
import { noting } from '../git/noting.ts';
import { cloneOf, newRemoteAndClone } from '../git/repository.ts';
import { registration, registryOf } from './requests.ts';

describe('a registry that is read again', () => {
  it('costs one question where nobody wrote, and is read anew where somebody did', async () => {
    const { remote, clone } = await newRemoteAndClone();
    await registryOf(clone).transact(planRegister(registration('late', 'a')));
    const { git, commands } = noting(clone);
    const memory: SnapshotMemory = {};
    const place = { git, remote: 'origin', branch: 'assay/registry', memory };
    const first = await readSnapshot(place);
    expect(commands).toEqual(['ls-remote', 'cat-file']);
    commands.length = 0;
    expect(await readSnapshot(place)).toBe(first);
    expect(commands).toEqual(['ls-remote']);

    await registryOf(await cloneOf(remote)).transact(planRegister(registration('late', 'b')));
    const second = await readSnapshot(place);
    expect([...(second.state.models.get('late')?.versions.keys() ?? [])]).toEqual(['1.0.0', '1.1.0']);
    expect([...(first.state.models.get('late')?.versions.keys() ?? [])]).toEqual(['1.0.0']);
    // Also what a tag alone says.
    commands.length = 0;
    await remote.run(['tag', '--delete', 'late@v1.1.0']);
    expect(await readSnapshot(place)).not.toBe(second);
    expect(commands.length).toBeGreaterThan(1);
  });
});
