package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"slipway.dev/tests/cluster/internal/control"
)

func faultCommand() *cobra.Command {
	var work string
	command := &cobra.Command{
		Use:   "fault --work DIR {kill|stop|pause|resume|start} PART, or fault --work DIR port NAME {ok|refuse|cut|hang|delay=MS}",
		Short: "Break a part or a port of the cluster, or mend it",
		Long: `Break a part or a port of the cluster, or mend it.

A killed part starts again by itself, a stopped one waits for start, a paused one for resume.
Ports: api, registry (from outside), registry-node (from the node), issuer, issuer-api, 30080 to 30089.
  refuse    nothing listens, open connections are reset
  cut       connections are accepted and reset
  hang      connections are accepted and silent; what was held flows again after ok
  delay=MS  every byte arrives MS milliseconds later, in each direction`,
		Args: func(_ *cobra.Command, args []string) error {
			if want := map[bool]int{true: 3, false: 2}[len(args) > 0 && args[0] == "port"]; len(args) != want {
				return fmt.Errorf("fault %v: want VERB PART, or port NAME STATE", args)
			}
			return nil
		},
		RunE: func(command *cobra.Command, args []string) error {
			options, err := running(work)
			if err != nil {
				return err
			}
			fault := control.Fault{Verb: args[0], Name: args[1]}
			if len(args) == 3 {
				fault.State = args[2]
			}
			return control.Dial(options.ControlSocket()).Fault(command.Context(), fault)
		},
	}
	workFlag(command, &work)
	return command
}
