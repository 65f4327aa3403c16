# shellcheck shell=bash
# What deploy/test/run.sh tries, each step with the seconds that it may take. Sourced.
here=$(dirname "${BASH_SOURCE[0]}")
# shellcheck source=fixture.sh
source "$here/fixture.sh"
# shellcheck source=steps/stacks.sh
source "$here/steps/stacks.sh"
# shellcheck source=steps/deployments.sh
source "$here/steps/deployments.sh"
# shellcheck source=steps/faults.sh
source "$here/steps/faults.sh"
# shellcheck source=steps/backups.sh
source "$here/steps/backups.sh"
# shellcheck source=steps/swarm.sh
source "$here/steps/swarm.sh"

# shellcheck disable=SC2034 # for run.sh
steps=(
    both_composes_read_the_files:60
    development_stack_comes_up:420
    development_stack_with_old_compose:180
    production_stack_comes_up:300
    main_job_in_production:300
    end_to_end_tests_in_production:300
    containers_are_hardened:60
    services_are_apart:60
    idle_memory_and_start_up:120
    deployment_under_load:600
    rollback_under_load:600
    failing_deployment_under_load:300
    several_services_go_back:180
    interrupted_deployment:240
    deployment_beside_a_stopped_replica:120
    gateways_come_and_go_under_load:240
    the_port_moves_once:240
    the_port_is_elsewhere:180
    tls_at_the_gateway:240
    crashing_deployment:120
    bad_and_destructive_migrations:180
    killed_replica_under_load:180
    lessons_without_the_graph:180
    memory_limit_kills_one_only:180
    backup_goes_into_an_empty_stack:600
    one_service_is_restored_alone:180
    backups_take_turns:180
    backups_are_forgotten:120
    backup_without_the_graph:240
    configuration_comes_back:120
    recovery_to_a_point_in_time:600
    rotated_secrets:600
    network_is_made_anew:240
    swarm_rolls_forward_and_back:600
)

# shellcheck disable=SC2034 # for run.sh; those that must be named, since they take long
optional_steps=(
    dockerfile_compiles:3600
)
