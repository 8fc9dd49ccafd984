import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Deployment } from "@pulumi/kubernetes/apps/v1";
import { ConfigMap } from "@pulumi/kubernetes/core/v1";
import type { input } from "@pulumi/kubernetes/types";
import type { Input } from "@pulumi/pulumi";

/** The tag of the image, which is also the version that the config is made for. */
export const VERSION = "v1.3.1";

const FILE = join(__dirname, "kratos.yml");

/**
 * A Kratos that reads the operator's kratos.yml, then identity.yml.
 * @param identityVolume Where identity.yml comes from.
 * @param revision Of the identity config. With another one the pods are replaced, one after the other, and Pulumi waits
 *   until the new ones are ready.
 */
export function kratosDeployment(
  identityVolume: Pick<input.core.v1.Volume, "secret" | "configMap">,
  revision: Input<string>,
): Deployment {
  const operator = new ConfigMap("kratos", { data: { "kratos.yml": readFileSync(FILE, "utf8") } });
  const labels = { app: "kratos" };
  return new Deployment("kratos", {
    spec: {
      replicas: 2,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels, annotations: { "pulumi-ory/revision": revision } },
        spec: {
          containers: [
            {
              name: "kratos",
              image: `oryd/kratos:${VERSION}`,
              args: ["serve", "-c", "/etc/operator/kratos.yml", "-c", "/etc/identity/identity.yml"],
              envFrom: [{ secretRef: { name: "kratos-environment" } }],
              ports: [{ containerPort: 4433 }, { containerPort: 4434 }],
              readinessProbe: { httpGet: { path: "/admin/health/ready", port: 4434 } },
              // Folders: a file mounted by subPath would never change in a running pod.
              volumeMounts: [
                { name: "operator", mountPath: "/etc/operator", readOnly: true },
                { name: "identity", mountPath: "/etc/identity", readOnly: true },
              ],
            },
          ],
          volumes: [
            { name: "operator", configMap: { name: operator.metadata.name } },
            { name: "identity", ...identityVolume },
          ],
        },
      },
    },
  });
}
