import { type Json, UNKNOWN } from "../../infra/identity-config/model";
import { judges, methods } from "./examples";

const RECOVERY = "/selfservice/flows/recovery/after/hooks";
const PASSWORD = "/selfservice/flows/settings/after/password/hooks";
const revoke = { hooks: [{ hook: "revoke_active_sessions" }] };
const flows = (of: Json) => ({ selfservice: { flows: of } });

judges("revoke-on-reset", {
  violated: [
    [RECOVERY, flows({ recovery: { enabled: true } })],
    [PASSWORD, methods({ password: { config: { min_password_length: 12 } } })],
    [PASSWORD, flows({ settings: { after: { password: { hooks: [{ hook: "web_hook" }] } } } })],
  ],
  kept: [
    [flows({ recovery: { enabled: true, after: revoke } })],
    [flows({ recovery: { enabled: false } })],
    [flows({ settings: { after: { password: revoke } } })],
    [methods({ password: { enabled: false } })],
    // What the program leaves to others.
    [{}],
    [flows({ recovery: { enabled: true } }), { declared: {} }],
  ],
  undecided: [[RECOVERY, flows({ recovery: { enabled: true, after: { hooks: UNKNOWN } } })]],
});

const PROFILE = "/selfservice/flows/settings/after/profile/hooks";
const network = { target: "network" } as const;
const codes = (hooks: Json[]) => ({
  selfservice: {
    methods: { code: { mfa_enabled: true } },
    flows: { settings: { after: { profile: { hooks } } } },
  },
});

judges("verify-new-address", {
  violated: [
    [PROFILE, codes([]), network],
    [PROFILE, codes([{ hook: "web_hook" }]), network],
  ],
  kept: [[codes([{ hook: "verify_new_address" }]), network], [{}, network], [codes([])]],
  undecided: [[PROFILE, codes([UNKNOWN]), network]],
});
