// Drives the API by Hetzner's own Go client: ENDPOINT and TOKEN come by the environment. Prints one JSON object.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"os"
	"sync"
	"time"

	"github.com/hetznercloud/hcloud-go/v2/hcloud"
)

var (
	ctx    = context.Background()
	client = hcloud.NewClient(
		hcloud.WithEndpoint(os.Getenv("ENDPOINT")),
		hcloud.WithToken(os.Getenv("TOKEN")),
		hcloud.WithPollOpts(hcloud.PollOpts{BackoffFunc: hcloud.ConstantBackoff(50 * time.Millisecond)}),
	)
	out = map[string]any{}
)

// must takes what a call of the client returns, and gives up when it failed.
func must[T any](value T, _ *hcloud.Response, err error) T {
	check(err)
	return value
}

func check(err error) {
	if err == nil {
		return
	}
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}

func wait(actions ...*hcloud.Action) {
	check(client.Action.WaitFor(ctx, actions...))
}

// sideBySide does three things at once, as Terraform's provider does.
func sideBySide(work func(n int)) {
	var group sync.WaitGroup
	for n := 1; n <= 3; n++ {
		group.Add(1)
		go func() {
			defer group.Done()
			work(n)
		}()
	}
	group.Wait()
}

func ipNet(text string) *net.IPNet {
	_, parsed, err := net.ParseCIDR(text)
	check(err)
	return parsed
}

func makeNetwork() *hcloud.Network {
	network := must(client.Network.Create(ctx, hcloud.NetworkCreateOpts{Name: "net", IPRange: ipNet("10.0.0.0/16")}))
	sideBySide(func(n int) {
		wait(must(client.Network.AddSubnet(ctx, network, hcloud.NetworkAddSubnetOpts{Subnet: hcloud.NetworkSubnet{
			Type:        hcloud.NetworkSubnetTypeCloud,
			NetworkZone: hcloud.NetworkZoneEUCentral,
			IPRange:     ipNet(fmt.Sprintf("10.0.%d.0/24", n)),
		}})))
	})
	network = must(client.Network.GetByID(ctx, network.ID))
	out["subnets"] = len(network.Subnets)
	return network
}

func makeServer(network *hcloud.Network, firewall *hcloud.Firewall) *hcloud.Server {
	made := must(client.Server.Create(ctx, hcloud.ServerCreateOpts{
		Name:       "server",
		ServerType: &hcloud.ServerType{Name: "cx23"},
		Image:      &hcloud.Image{Name: "debian-12"},
		Location:   &hcloud.Location{Name: "fsn1"},
		Networks:   []*hcloud.Network{network},
		Firewalls:  []*hcloud.ServerCreateFirewall{{Firewall: *firewall}},
	}))
	wait(append(made.NextActions, made.Action)...)
	return must(client.Server.GetByID(ctx, made.Server.ID))
}

func makeBalancer(network *hcloud.Network, server *hcloud.Server) *hcloud.LoadBalancer {
	made := must(client.LoadBalancer.Create(ctx, hcloud.LoadBalancerCreateOpts{
		Name:             "balancer",
		LoadBalancerType: &hcloud.LoadBalancerType{Name: "lb11"},
		Location:         &hcloud.Location{Name: "fsn1"},
		Services:         []hcloud.LoadBalancerCreateOptsService{{Protocol: hcloud.LoadBalancerServiceProtocolHTTP, ListenPort: hcloud.Ptr(80)}},
		Targets: []hcloud.LoadBalancerCreateOptsTarget{{
			Type:          hcloud.LoadBalancerTargetTypeLabelSelector,
			LabelSelector: hcloud.LoadBalancerCreateOptsTargetLabelSelector{Selector: "role=web"},
		}},
	}))
	wait(made.Action)
	balancer := made.LoadBalancer
	wait(must(client.LoadBalancer.AttachToNetwork(ctx, balancer, hcloud.LoadBalancerAttachToNetworkOpts{Network: network})))
	wait(must(client.LoadBalancer.AddServerTarget(ctx, balancer, hcloud.LoadBalancerAddServerTargetOpts{
		Server:       server,
		UsePrivateIP: hcloud.Ptr(true),
	})))
	sideBySide(func(n int) {
		wait(must(client.LoadBalancer.AddService(ctx, balancer, hcloud.LoadBalancerAddServiceOpts{
			Protocol:        hcloud.LoadBalancerServiceProtocolTCP,
			ListenPort:      hcloud.Ptr(8000 + n),
			DestinationPort: hcloud.Ptr(9000 + n),
		})))
	})
	balancer = must(client.LoadBalancer.GetByName(ctx, "balancer"))
	out["services"] = len(balancer.Services)
	out["health"] = balancer.Targets[1].HealthStatus[0].Status
	out["private"] = balancer.PrivateNet[0].IP.String()
	return balancer
}

func makeAddresses(server *hcloud.Server) (*hcloud.PrimaryIP, *hcloud.FloatingIP) {
	primary := must(client.PrimaryIP.Create(ctx, hcloud.PrimaryIPCreateOpts{
		Name:     "primary",
		Type:     hcloud.PrimaryIPTypeIPv4,
		Location: "fsn1",
	})).PrimaryIP
	made := must(client.FloatingIP.Create(ctx, hcloud.FloatingIPCreateOpts{Type: hcloud.FloatingIPTypeIPv4, Server: server}))
	wait(made.Action)
	out["primary"], out["floating"] = primary.IP.String(), made.FloatingIP.IP.String()
	return primary, made.FloatingIP
}

func main() {
	firewall := must(client.Firewall.Create(ctx, hcloud.FirewallCreateOpts{Name: "firewall", Rules: []hcloud.FirewallRule{{
		Direction: hcloud.FirewallRuleDirectionIn,
		Protocol:  hcloud.FirewallRuleProtocolTCP,
		Port:      hcloud.Ptr("22"),
		SourceIPs: []net.IPNet{*ipNet("0.0.0.0/0"), *ipNet("::/0")},
	}}})).Firewall
	network := makeNetwork()
	server := makeServer(network, firewall)
	balancer := makeBalancer(network, server)
	primary, floating := makeAddresses(server)
	server = must(client.Server.GetByID(ctx, server.ID))
	out["server"] = []any{server.Status, len(server.LoadBalancers), len(server.PublicNet.Firewalls), len(server.PublicNet.FloatingIPs)}

	wait(must(client.Server.DeleteWithResult(ctx, server)).Action)
	balancer = must(client.LoadBalancer.GetByID(ctx, balancer.ID))
	out["targets left"] = len(balancer.Targets)
	for _, remove := range []func() (*hcloud.Response, error){
		func() (*hcloud.Response, error) { return client.LoadBalancer.Delete(ctx, balancer) },
		func() (*hcloud.Response, error) { return client.Network.Delete(ctx, network) },
		func() (*hcloud.Response, error) { return client.Firewall.Delete(ctx, firewall) },
		func() (*hcloud.Response, error) { return client.FloatingIP.Delete(ctx, floating) },
		func() (*hcloud.Response, error) { return client.PrimaryIP.Delete(ctx, primary) },
	} {
		_, err := remove()
		check(err)
	}
	check(json.NewEncoder(os.Stdout).Encode(out))
}
