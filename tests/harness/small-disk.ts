import { execFileSync } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync, rmdirSync, statfsSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface SmallDisk {
  folder: string
  /** Takes all the room that there is, but for so many bytes. */
  fill(leave?: number): void
  /** Gives it back. */
  makeRoom(): void
  freeBytes(): number
  unmount(): void
}

/** A file system of its own that is so small that it can be filled: tmpfs, whose writes fail as those of a full disk do (ENOSPC). */
export function mountSmallDisk(megabytes: number): SmallDisk {
  const folder = mkdtempSync(join(tmpdir(), 'ruadar-small-disk-'))
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m,mode=0755`, 'tmpfs', folder], { stdio: 'pipe' })
  } catch (error) {
    rmdirSync(folder)
    throw new Error('The tests of full disks mount a tmpfs: run them as root, in a container with --cap-add SYS_ADMIN.', { cause: error })
  }
  chmodSync(folder, 0o755)
  const ballast = join(folder, 'ballast')
  const freeBytes = () => {
    const { bavail, bsize } = statfsSync(folder)
    return bavail * bsize
  }
  return {
    folder,
    fill(leave = 0) {
      const chunk = Buffer.alloc(1024 * 1024)
      // Others write meanwhile: until there is no more than is to be left.
      for (let free = freeBytes() - leave; free > 0; free = freeBytes() - leave) {
        try {
          writeFileSync(ballast, chunk.subarray(0, Math.min(free, chunk.length)), { flag: 'a' })
        } catch (error) {
          if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error
        }
      }
    },
    makeRoom: () => rmSync(ballast, { force: true }),
    freeBytes,
    unmount() {
      execFileSync('umount', ['--lazy', folder])
      rmdirSync(folder)
    },
  }
}
