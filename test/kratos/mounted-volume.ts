import { mkdtemp, readlink, rename, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";

/**
 * A folder with one file that is delivered as a kubelet delivers a Secret or ConfigMap: the file is a link through the
 * link `..data`, which is swapped for one to a new folder, and the old folder is removed (kubernetes/kubernetes, pkg/volume/util/atomic_writer.go).
 */
export class MountedVolume {
  private constructor(
    private readonly dir: string,
    private readonly name: string,
  ) {}

  /** Mounts `text` as the file `name`. */
  static async create(name: string, text: string): Promise<MountedVolume> {
    const volume = new MountedVolume(await mkdtemp(join(tmpdir(), "volume-")), name);
    await volume.deliver(text);
    await symlink(join("..data", name), volume.path);
    return volume;
  }

  get path(): string {
    return join(this.dir, this.name);
  }

  /** Puts `text` in the place of what is there. */
  async deliver(text: string): Promise<void> {
    const data = join(this.dir, "..data");
    const old = await readlink(data).catch(() => undefined);
    const folder = await mkdtemp(join(this.dir, "..2026_"));
    await writeFile(join(folder, this.name), text);
    await symlink(basename(folder), `${data}_tmp`);
    await rename(`${data}_tmp`, data);
    if (old !== undefined) await rm(join(this.dir, old), { recursive: true });
  }

  remove(): Promise<void> {
    return rm(this.dir, { recursive: true, force: true });
  }
}
