import { cpSync, existsSync, readFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { type Browser, chromium } from "playwright-core";
import { folderWith, pulumiOry } from "./pulumi-ory";

const PROBE = readFileSync(join(__dirname, "page-probe.js"), "utf8");
const SCENE = join(__dirname, "../fixtures/review");

/** A Chromium of this machine; none is downloaded. */
const executablePath = (process.env.PATH ?? "")
  .split(delimiter)
  .flatMap((folder) => ["chromium", "chromium-browser", "google-chrome"].map((name) => join(folder, name)))
  .find((file) => existsSync(file));

if (executablePath === undefined)
  process.stdout.write(
    "skipped: the page in a real browser, as no Chromium is on PATH (Debian: apt-get install chromium)\n",
  );
const inBrowser = executablePath === undefined ? describe.skip : describe;

inBrowser("the page in a real browser", () => {
  let dir: string;
  let remove: () => Promise<void>;
  let browser: Browser;
  beforeAll(async () => {
    ({ dir, remove } = await folderWith({}));
    cpSync(SCENE, dir, { recursive: true });
    const { code } = await pulumiOry(
      ["review", "--before", "kratos.yml", "--after", "new.yml", "--html", "review.html"],
      { cwd: dir },
    );
    expect(code).toBe(2);
    // Chromium's sandbox does not start for root, nor in most containers.
    browser = await chromium.launch({ executablePath: executablePath!, args: ["--no-sandbox"] });
  });
  afterAll(async () => {
    await browser?.close();
    await remove?.();
  });

  /** The page as somebody sees it, and all that it asks for or complains of. */
  async function opened(width: number, colorScheme: "light" | "dark") {
    const context = await browser.newContext({
      viewport: { width, height: 900 },
      colorScheme,
      offline: true,
    });
    const page = await context.newPage();
    const heard: string[] = [];
    page.on("console", (message) => heard.push(message.text()));
    page.on("pageerror", (error) => heard.push(error.message));
    page.on("request", (request) => heard.push(request.url()));
    await page.goto(`file://${join(dir, "review.html")}`);
    return { page, heard, close: () => context.close() };
  }

  const sizes = [1280, 360].flatMap((width) =>
    (["light", "dark"] as const).map((scheme) => [width, scheme] as const),
  );
  test.each(sizes)(
    "%i px wide, %s: nothing sticks out, all can be read, nothing is asked for",
    async (width, scheme) => {
      const { page, heard, close } = await opened(width, scheme);
      expect(heard).toEqual([`file://${join(dir, "review.html")}`]);
      expect(await page.locator("h1").textContent()).toMatch(
        /^Refused by the rules: everybody will also be asked for a code/,
      );
      const seen = await page.evaluate<{ sticksOut: boolean; least: number; page: number }>(PROBE);
      expect(seen.sticksOut).toBe(false);
      // What WCAG asks for of texts at level AA.
      expect(seen.least).toBeGreaterThanOrEqual(4.5);
      expect(seen.page > 0.5).toBe(scheme === "light");
      await close();
    },
  );

  test("its policy lets nothing run that would come into it", async () => {
    const { page, heard, close } = await opened(800, "light");
    const ran = await page.evaluate<boolean>(`(() => {
      const script = document.createElement("script");
      script.textContent = "window.ran = true";
      document.body.append(script);
      document.body.insertAdjacentHTML("beforeend", '<img src="http://127.0.0.1:1/x.png"><p style="color:red">x</p>');
      return "ran" in window;
    })()`);
    expect(ran).toBe(false);
    expect(heard.filter((line) => line.includes("Content Security Policy")).length).toBeGreaterThanOrEqual(2);
    await close();
  });
});
