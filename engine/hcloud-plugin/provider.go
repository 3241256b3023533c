package main

import (
	"context"

	"github.com/hetznercloud/terraform-provider-hcloud/hcloud"
	pf "github.com/pulumi/pulumi-terraform-bridge/v3/pkg/pf/tfbridge"
	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfbridge"
	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfbridge/tokens"
	shim "github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfshim"
	sdkv2 "github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfshim/sdk-v2"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
)

// version is that of the npm package whose classes this plugin serves; the linker sets it.
var version = "0.0.0-dev"

func provider(ctx context.Context) *tfbridge.ProviderInfo {
	info := &tfbridge.ProviderInfo{
		P:                pf.MuxShimWithPF(ctx, sdkv2.NewProvider(hcloud.Provider()), hcloud.NewPluginProvider()),
		Name:             "hcloud",
		DisplayName:      "Hetzner Cloud",
		Version:          version,
		GitHubOrg:        "hetznercloud",
		Keywords:         []string{"pulumi", "hcloud"},
		License:          "Apache-2.0",
		Repository:       "https://github.com/pulumi/pulumi-hcloud",
		MetadataInfo:     tfbridge.NewProviderMetadata([]byte("{}")),
		UpstreamRepoPath: ".",
		Resources: map[string]*tfbridge.ResourceInfo{
			"hcloud_server": {PreCheckCallback: listAliasIPs},
		},
	}
	stringIDs(info)
	info.MustComputeTokens(tokens.SingleModule("hcloud_", "index", tokens.MakeStandard("hcloud")))
	info.SetAutonaming(255, "-")
	return info
}

// stringIDs types every "id" as a string, for the engine knows no others.
func stringIDs(info *tfbridge.ProviderInfo) {
	info.P.ResourcesMap().Range(func(name string, res shim.Resource) bool {
		id, ok := res.Schema().GetOk("id")
		if !ok || id.Type() == shim.TypeString {
			return true
		}
		if info.Resources[name] == nil {
			info.Resources[name] = &tfbridge.ResourceInfo{}
		}
		info.Resources[name].Fields = map[string]*tfbridge.SchemaInfo{"id": {Type: "string"}}
		return true
	})
}

// listAliasIPs gives each network of a server a list of alias addresses: the provider computes the missing list, and
// an entry of a set with a computed part would differ at every preview.
func listAliasIPs(_ context.Context, inputs, _ resource.PropertyMap) (resource.PropertyMap, error) {
	networks, ok := inputs["networks"]
	if !ok || !networks.IsArray() {
		return inputs, nil
	}
	for _, network := range networks.ArrayValue() {
		if network.IsObject() && !network.ObjectValue().HasValue("aliasIps") {
			network.ObjectValue()["aliasIps"] = resource.NewArrayProperty(nil)
		}
	}
	return inputs, nil
}
